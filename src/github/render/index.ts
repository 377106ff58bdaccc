// The renderer: reports in, Markdown and check runs out. Pure.
import type { Renderer } from "../../core/render.ts";
import { renderCheck } from "./check.ts";
import { renderComment } from "./comment.ts";

export const renderer: Renderer = { comment: renderComment, check: renderCheck };
