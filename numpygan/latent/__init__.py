"""What one does with codes: neighbours, clouds, walks and planes through latent space."""

from .codes import CodeCloud, interpolate, latent_grid, nearest, principal_angles
from .planes import IdentityPlane, NoisePlane, PrincipalPlane, plane_for

__all__ = [
    "CodeCloud",
    "IdentityPlane",
    "NoisePlane",
    "PrincipalPlane",
    "interpolate",
    "latent_grid",
    "nearest",
    "plane_for",
    "principal_angles",
]
