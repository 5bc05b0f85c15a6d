"""Working in latent space: nearest neighbours, distributions of codes, interpolation, planes."""

from .codes import CodeCloud, interpolate, latent_grid, principal_angles
from .distances import hole_share, nearest
from .planes import IdentityPlane, NoisePlane, PrincipalPlane, UniformNoisePlane, plane_for

__all__ = [
    "CodeCloud",
    "IdentityPlane",
    "NoisePlane",
    "PrincipalPlane",
    "UniformNoisePlane",
    "hole_share",
    "interpolate",
    "latent_grid",
    "nearest",
    "plane_for",
    "principal_angles",
]
