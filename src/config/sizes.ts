// Sizes as people write them: "5GB", "512 MiB", "1000000".

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes, as a whole number; `null` when the text is no size. KB is 1000 bytes and KiB 1024, as the units are defined. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,15})(\.\d{1,6})? ?([a-z]{0,3})$/i.exec(text.trim());
  const unit = units[match?.[3]?.toLowerCase() ?? ""];
  if (!match || unit === undefined) return null;
  const bytes = Math.floor(Number(`${match[1] ?? ""}${match[2] ?? ""}`) * unit);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
