"""How the kernels are compiled (LLVM, by numba), and where what was compiled is kept. Importing this loads the compiler.

`NUMBA_CACHE_DIR` names a folder to keep it in; without it that is beside the source, or, where that may not be written,
a folder of this process alone, so that each process compiles anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

Compiled = TypeVar("Compiled", bound=Callable[..., Any])


def _keep() -> None:
    if "NUMBA_CACHE_DIR" not in os.environ and not os.access(Path(__file__).parent, os.W_OK):
        os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="duo-kernels-")


_keep()

from numba import njit  # noqa: E402 - it reads its settings when imported


def compiled(function: Compiled) -> Compiled:
    """A kernel: whole numbers and arrays only, no Python object; it runs beside other threads."""
    return cast("Compiled", njit(cache=True, nogil=True, boundscheck=False)(function))
