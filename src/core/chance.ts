// A probability in words that people trust more than a percentage.

/** "about 62 of 100 such cases". Rounded down, so that a doubtful answer never reads as a sure one; never "100 of 100". */
export function chanceInWords(probability: number): string {
  const cases = Math.min(99, Math.floor(probability * 100));
  return cases < 1 ? "less than 1 of 100 such cases" : `about ${cases} of 100 such cases`;
}
