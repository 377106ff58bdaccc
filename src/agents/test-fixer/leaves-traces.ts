// Whether a job does more than look, by the names of it and of its failed step: a second start of such a one is for a person to decide.

/** Characters of a name that are read. */
const longest = 300;

/** What stands in brackets is a row of a matrix or the event that started it, what begins with "--" an option: neither says what is done. */
function clausesOf(name: string): readonly string[] {
  return name
    .slice(0, longest)
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/\([^()]*\)|(?<![\w-])--(?!dry)[\w-]+/g, " ")
    .replaceAll(/[-_.@:]+/g, " ")
    .split(/\band\b|\bthen\b|[&+,;|/]/)
    .map((clause) => clause.replaceAll(/\s+/g, " ").trim());
}

const acts =
  /\b(?:re)?deploy(?:s|ing|ment)?\b|\bpublish(?:es|ing)?\b|\b(?:pre)?releas(?:e|es|ing)\b|\bprovision(?:s|ing)?\b|\bterraform\b|\bpromot(?:e|es|ing|ion)\b|\broll ?out\b|\bmigrat(?:e|es|ing|ions?)\b|\bupload(?:s|ing)?\b/;

/** An event of that name starts every other workflow: the word counts where it has something to push, or something to push it with. */
const pushes =
  /\b(?:git|docker|buildx?|podman|skopeo|oras|helm|nuget|gem|heroku) push\b|\bpush(?:es|ing)? (?:an? |the |new |all )?(?:docker |oci |helm |built |release )?(?:to|tags?|images?|containers?|packages?|charts?|artifacts?|commits?|changes|branch|manifests?|pages|gh|site|docs|registry)\b/;
const makes = /\b(?:build|builds|tag|pack|package|bump|commit|docker|image)\b/;

/** Looks at what would be done, and does nothing. */
const looksOnly =
  /\b(?:dry ?run|lint(?:s|ing)?|checks?|checking|verify|verif(?:ies|ying)|validat(?:e|es|ing|ion)|plan|fmt|notes)\b/;

/** What CI keeps for its own readers: written anew each time. */
const forReaders =
  /\b(?:coverage|codecov|coveralls|artifacts?|reports?|results?|logs?|sarif|screenshots?|videos?|traces?|dumps?|snapshots?|cache)\b/;

/** `name` is a job's or a step's, hostile text. */
export function leavesTraces(name: string): boolean {
  const clauses = clausesOf(name);
  return clauses.some((clause) => {
    if (looksOnly.test(clause)) return false;
    if (/\bupload/.test(clause) && forReaders.test(clause)) return false;
    // "Build and push": what is built there.
    const isMade = clause === "push" && clauses.some((other) => makes.test(other));
    return isMade || acts.test(clause) || pushes.test(clause);
  });
}
