// The functions of a file, cut by tree-sitter.

export interface FunctionSpan {
  /** "parse", "Parser.parse", "export default", "anonymous at line 12". */
  readonly name: string;
  readonly path: string;
  /** UTF-16 offsets of whole lines, decorators and the comment right above left out; `end` is exclusive and behind the line's end. */
  readonly start: number;
  readonly end: number;
  /** 1-based, inclusive. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** All of the lines. */
  readonly text: string;
  /** The first lines up to the body, on one line, at most 300 characters. */
  readonly signature: string;
}
