// An XML document as a tree of elements, read in one pass and with bounded memory. A document type, the place for entities of its own, is refused.

export interface Element {
  readonly name: string;
  /** As they are written, between the name and the end of the tag. */
  readonly attributes: string;
  readonly children: Element[];
  /** The beginning of its own text, not its children's; entities are not yet read. */
  text: string;
}

/** Suites inside suites; what nests deeper was not written by a test runner. */
const mostNested = 60;
const mostElements = 500_000;
const keptText = 16_000;

const tag = /<(\/?)([A-Za-z_][\w.:-]{0,100})((?:\s+[\w.:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*(\/?)>/y;
/** What is neither a tag nor text, by how it begins and ends. */
const asides = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;

/** The outermost element. `null` where the document is not well-formed, was cut off, or is larger than a report is. */
export function readXml(xml: string): Element | null {
  const outside: Element = { name: "", attributes: "", children: [], text: "" };
  const open: Element[] = [outside];
  let elements = 0;
  for (let at = 0; at < xml.length;) {
    const start = xml.indexOf("<", at);
    const end = start === -1 ? xml.length : start;
    addText(open, xml, { start: at, end });
    if (start === -1) break;
    const next = readAside(xml, start, open) ?? readTag(xml, start, open);
    if (next === null || open.length === 0 || open.length > mostNested || ++elements > mostElements)
      return null;
    at = next;
  }
  return open.length === 1 && outside.children.length === 1 ? (outside.children[0] ?? null) : null;
}

function addText(
  open: readonly Element[],
  xml: string,
  { start, end }: { start: number; end: number },
): void {
  const element = open.at(-1);
  const left = keptText - (element?.text.length ?? 0);
  if (element !== undefined && left > 0) element.text += xml.slice(start, Math.min(end, start + left));
}

/** The position behind a comment, an instruction or raw text; `null` where there is none. One without an end is the rest of the document. */
function readAside(xml: string, start: number, open: readonly Element[]): number | null {
  const aside = asides.find(([begins]) => xml.startsWith(begins, start));
  if (aside === undefined) return null;
  const [begins, ends] = aside;
  const inside = start + begins.length;
  const found = xml.indexOf(ends, inside);
  const end = found === -1 ? xml.length : found;
  if (begins === "<![CDATA[") addText(open, xml, { start: inside, end });
  return end + ends.length;
}

/** The position behind a tag, with the open elements as they are then; `null` where it is none, or closes what is not open. */
function readTag(xml: string, start: number, open: Element[]): number | null {
  tag.lastIndex = start;
  const [whole, closes, name, attributes, empty] = tag.exec(xml) ?? [];
  if (whole === undefined || name === undefined) return null;
  if (closes === "/") {
    if (open.pop()?.name !== name) return null;
  } else {
    const element = { name, attributes: attributes ?? "", children: [], text: "" };
    open.at(-1)?.children.push(element);
    if (empty !== "/") open.push(element);
  }
  return start + whole.length;
}

/** "" where there is none. */
export function attributeOf(element: Element, wanted: string): string {
  for (const [, name, quoted] of element.attributes.matchAll(/\s([\w.:-]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
    if (name === wanted) return unescaped((quoted ?? "").slice(1, -1));
  }
  return "";
}

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** XML's own five entities, and characters by number; any other stays as it is written. */
export function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (whole, ...groups) => {
    const [decimal, hex, name] = groups.map((group) => (typeof group === "string" ? group : ""));
    if (name) return named[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
