// The ranker's weights, as the trainer wrote them.
import type { Calibration } from "./scores.ts";
import { unpackTrees } from "./trees.ts";
import type { PackedTrees, Trees } from "./trees.ts";
import packed from "./model.json" with { type: "json" };

interface PackedSetting {
  readonly point: readonly PackedTrees[];
  readonly order: readonly PackedTrees[];
  readonly confidence: readonly PackedTrees[];
  readonly calibration: Calibration;
  readonly sureFrom: number;
}

/** The ranker for one setting: a hunk alone, or beside settled hunks of its merge. */
export interface Setting {
  readonly point: readonly Trees[];
  readonly order: readonly Trees[];
  readonly confidence: readonly Trees[];
  readonly calibration: Calibration;
  /** The probability from which on nine of ten first candidates were right, in cross-validation. */
  readonly sureFrom: number;
}

export interface Model {
  readonly features: { readonly alone: readonly string[]; readonly beside: readonly string[] };
  readonly alone: Setting;
  readonly siblings: Setting;
}

function unpack({ point, order, confidence, ...rest }: PackedSetting): Setting {
  return {
    ...rest,
    point: point.map(unpackTrees),
    order: order.map(unpackTrees),
    confidence: confidence.map(unpackTrees),
  };
}

let loaded: Model | undefined;

/** The shipped model, unpacked when first asked for: takes some 20 ms. */
export function loadModel(): Model {
  loaded ??= { features: packed.features, alone: unpack(packed.alone), siblings: unpack(packed.siblings) };
  return loaded;
}
