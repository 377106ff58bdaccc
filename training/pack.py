"""Writes LightGBM's trees in the compact form that src/merge/rank/trees.ts reads."""

import base64
import struct

import numpy as np

LEAF = 0xFFFF
MISSING_GOES_LEFT = 0x4000
MISSING_IS_KNOWN = 0x8000
LARGEST_LEAF = 32767


def pack(booster) -> dict:
    """The booster's trees; leaves are rounded to 16 bits of the largest."""
    trees = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    columns = booster.num_feature()
    used = [set() for _ in range(columns)]
    largest = 0.0

    def survey(node) -> None:
        nonlocal largest
        if "leaf_value" in node:
            largest = max(largest, abs(node["leaf_value"]))
            return
        used[node["split_feature"]].add(short(node["threshold"]))
        survey(node["left_child"])
        survey(node["right_child"])

    for tree in trees:
        survey(tree)
    thresholds = [sorted(values) for values in used]
    step = largest / LARGEST_LEAF if largest > 0 else 1.0
    out = bytearray()

    def write(node) -> None:
        if "leaf_value" in node:
            out.extend(struct.pack("<Hh", LEAF, round(node["leaf_value"] / step)))
            return
        column = node["split_feature"]
        head = column
        if node["default_left"]:
            head |= MISSING_GOES_LEFT
        if node["missing_type"] == "NaN":
            head |= MISSING_IS_KNOWN
        out.extend(struct.pack("<HB", head, thresholds[column].index(short(node["threshold"]))))
        write(node["left_child"])
        write(node["right_child"])

    for tree in trees:
        write(tree)
    return {
        "thresholds": thresholds,
        "leafStep": step,
        "trees": len(trees),
        "nodes": base64.b64encode(bytes(out)).decode(),
    }


def short(value: float) -> float:
    """The shortest decimal of the threshold as a 32 bit float, as what it is compared with is; LightGBM's infinity is the largest of them."""
    largest = float(np.finfo(np.float32).max)
    return float(str(np.float32(min(max(value, -largest), largest))))
