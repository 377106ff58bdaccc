// Where an install puts things inside the sandbox.
import { sandboxPaths } from "../../core/sandbox.ts";

/** In the project, so that packages can be linked from it, and gone with all else of the project that is not a package. */
export const scratch = `${sandboxPaths.project}/.errand-scratch`;
/** Package managers of the version that the project wants. */
export const toolsFolder = `${sandboxPaths.dependencies}/tools`;
export const toolsPath = `${toolsFolder}/node_modules/.bin`;

/** A folder of the tree inside the sandbox. */
export function insideOf(folder: string): string {
  return folder === "" ? sandboxPaths.project : `${sandboxPaths.project}/${folder}`;
}

/** A file of a folder, as a path of the tree. */
export function pathIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
