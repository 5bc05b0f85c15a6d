"""The models: networks put together to learn a distribution."""
