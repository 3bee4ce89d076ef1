"""Find ``ontology/``, ``data/`` and ``queries/`` in a wheel or in a checkout, never in the working directory."""

from pathlib import Path
from typing import Literal

from kg.errors import CatalogError, ResourceMissingError

Kind = Literal["ontology", "data", "queries"]

_PACKAGE = Path(__file__).absolute().parent


def resource_root(kind: Kind) -> Path:
    """Folder of the ontology, the catalog or the stored queries.

    Args:
        kind: Which of the three.

    Returns:
        ``kg/_bundled/<kind>`` of an installed wheel, else ``<kind>/`` of the checkout that holds this package.

    Raises:
        ResourceMissingError: Neither exists.

    Example:
        >>> resource_root("ontology").name
        'ontology'
    """
    for root in (_PACKAGE / "_bundled" / kind, _PACKAGE.parent / kind):
        if root.is_dir():
            return root
    raise ResourceMissingError(f"{kind}/ is neither in the installation nor in a checkout: reinstall stkg")


def data_folder(asked: Path | str | None) -> Path:
    """The data folder that somebody asked for, or the one that came with STKG.

    Args:
        asked: A folder, or None.

    Returns:
        Its absolute path.

    Raises:
        CatalogError: It is no data folder.
    """
    folder = Path(asked or resource_root("data")).absolute()
    if not (folder / "methods").is_dir():
        raise CatalogError(f"{folder} is not a data folder: it has no methods/")
    return folder
