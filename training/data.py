"""Reads what export.ts measured: one row of features a candidate, and which candidates are right."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

VIEWS = ("earlier-reported", "earlier", "others")


@dataclass(frozen=True)
class Data:
    """Rows are candidates, in the order of their cases; `case[i]` is the case of row i, `start[c]` the first row of case c."""

    cases: list
    names_alone: list
    names_beside: list
    alone: np.ndarray
    beside: dict
    case: np.ndarray
    start: np.ndarray
    exact: np.ndarray
    right: np.ndarray
    same: np.ndarray
    fold: np.ndarray
    reported: np.ndarray


def load(folder: Path) -> Data:
    described = json.loads((folder / "cases.json").read_text())
    cases = described["cases"]
    names = described["names"]
    counts = np.array([len(case["exact"]) for case in cases])
    start = np.r_[0, np.cumsum(counts)]

    def rows(name: str, columns: int) -> np.ndarray:
        return np.fromfile(folder / f"{name}.f32", np.float32).reshape(-1, columns)

    return Data(
        cases=cases,
        names_alone=names["alone"],
        names_beside=names["beside"],
        alone=rows("alone", len(names["alone"])),
        beside={view: rows(view, len(names["beside"])) for view in VIEWS},
        case=np.repeat(np.arange(len(cases)), counts),
        start=start,
        exact=np.concatenate([case["exact"] for case in cases]).astype(np.int8),
        right=np.concatenate([case["right"] for case in cases]).astype(np.int8),
        same=np.concatenate([np.array(case["same"]) + start[i] for i, case in enumerate(cases)]),
        fold=np.array([case["fold"] for case in cases]),
        reported=np.array([case["split"] == "report" for case in cases]),
    )
