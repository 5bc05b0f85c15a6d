"""One browser for all tests of this folder."""

import pytest

from tests.browser.chromium import programs, running


@pytest.fixture(scope="session")
def browser():
    chromium, driver = programs()
    if not (chromium and driver):
        pytest.skip("no browser: on Debian, apt-get install chromium chromium-driver")
    with running() as browser:
        yield browser
