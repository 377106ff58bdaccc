// The names of all candidates, each explained in one line for a person. The order is that of the ranker's features: add at the end.

export const explanations = {
  ours: "The pull request's side.",
  theirs: "The base branch's side.",
  base: "What stood there before both changed it.",
  empty: "Nothing: both sides are left out.",
  "ours-theirs": "Both sides, the pull request's first.",
  "theirs-ours": "Both sides, the base branch's first.",
  "ours-blank-theirs": "Both sides, the pull request's first, with an empty line between.",
  "theirs-blank-ours": "Both sides, the base branch's first, with an empty line between.",
  "ours-theirs-tight": "Both sides, the pull request's first, without empty lines between.",
  "theirs-ours-tight": "Both sides, the base branch's first, without empty lines between.",
  "dedup-ours": "Both sides, the pull request's first, without lines that the first has already.",
  "dedup-theirs": "Both sides, the base branch's first, without lines that the first has already.",
  "set-ours":
    "The pull request's lines, with what the base branch added put in and what it removed taken out.",
  "set-theirs":
    "The base branch's lines, with what the pull request added put in and what it removed taken out.",
  "sorted-union": "The lines that both sides keep or add, sorted.",
  "core-ours-theirs":
    "The lines both share once, and between them both sides' own, the pull request's first.",
  "core-theirs-ours": "The lines both share once, and between them both sides' own, the base branch's first.",
  "core-ours-blank-theirs":
    "The lines both share once, and between them both sides' own with an empty line between.",
  "core-theirs-blank-ours":
    "The lines both share once, and between them both sides' own, the base branch's first, with an empty line between.",
  "core-none": "Only the lines that both sides share.",
  "core-ours-end-theirs": "Both sides' blocks, each with the shared closing lines, the pull request's first.",
  "core-theirs-end-ours": "Both sides' blocks, each with the shared closing lines, the base branch's first.",
  "additions-ours": "Only what the pull request added.",
  "additions-theirs": "Only what the base branch added.",
  "additions-both": "What both sides added, without the lines that stood there before.",
  "line-beam": "An ordered mix of both sides' lines, block by block.",
  "token-beam": "An ordered mix of both sides' words, piece by piece.",
  "line-merge-ours": "A merge line by line; where both changed the same lines, the pull request's.",
  "line-merge-theirs": "A merge line by line; where both changed the same lines, the base branch's.",
  "line-merge-both":
    "A merge line by line; where both changed the same lines, both, the pull request's first.",
  "line-merge-reversed":
    "A merge line by line; where both changed the same lines, both, the base branch's first.",
  "token-merge": "A merge word by word, in which no two changes met.",
  "token-merge-ours": "A merge word by word; where both changed the same words, the pull request's.",
  "token-merge-theirs": "A merge word by word; where both changed the same words, the base branch's.",
  "token-merge-both":
    "A merge word by word; where both changed the same words, both, the pull request's first.",
  "token-merge-reversed":
    "A merge word by word; where both changed the same words, both, the base branch's first.",
  "char-merge": "A merge letter by letter, in which no two changes met.",
  "pair-merge-ours":
    "Each line merged word by word with its counterpart; in doubt, the pull request's words.",
  "pair-merge-theirs":
    "Each line merged word by word with its counterpart; in doubt, the base branch's words.",
  "pair-merge-both": "Each line merged word by word with its counterpart; in doubt, both sides' words.",
  "blank-merge-ours":
    "A merge of the words, and apart from it one of the blanks; in doubt, the pull request's.",
  "blank-merge-theirs":
    "A merge of the words, and apart from it one of the blanks; in doubt, the base branch's.",
  "blank-merge-both":
    "A merge of the words, and apart from it one of the blanks; in doubt, both sides' words.",
  "blank-merge-reversed":
    "A merge of the words, and apart from it one of the blanks; in doubt, both, the base branch's first.",
  "higher-version": "Where the sides differ in a version number, the higher one.",
  "number-sum": "Both sides changed the same number; their changes added up.",
  "rename-ours-on-theirs": "The base branch's side, with the pull request's renamings carried over.",
  "rename-theirs-on-ours": "The pull request's side, with the base branch's renamings carried over.",
  "rename-merge-ours":
    "Renamings carried over, then merged word by word; in doubt, the pull request's words.",
  "rename-merge-theirs":
    "Renamings carried over, then merged word by word; in doubt, the base branch's words.",
  "replay-ours-on-theirs": "The base branch's side, with the pull request's small edits carried over.",
  "replay-theirs-on-ours": "The pull request's side, with the base branch's small edits carried over.",
  "list-ours": "The items of both sides' list, the pull request's first.",
  "list-theirs": "The items of both sides' list, the base branch's first.",
  "list-sorted": "The items of both sides' list, sorted.",
  "keys-ours": "The entries of both sides by key; where both have another value, the pull request's.",
  "keys-theirs": "The entries of both sides by key; where both have another value, the base branch's.",
  "keys-higher": "The entries of both sides by key; where both have another version, the higher.",
  "insert-sorted-ours": "The pull request's lines, with what the base branch added put in by the alphabet.",
  "insert-sorted-theirs": "The base branch's lines, with what the pull request added put in by the alphabet.",
  "sorted-ignoring-case": "The lines that both sides keep or add, sorted without regard to case.",
  imports: "Both sides' imports as one set.",
  changelog: "Both sides' notes, heading by heading.",
  entries: "Both sides' entries as one list.",
  data: "Both sides' entries, by key.",
  "one-side": "Only one side changed more than the layout.",
  structural: "Both sides' syntax trees, merged node by node.",
  "structural-theirs-first":
    "Both sides' syntax trees, merged node by node; where both add, the base branch's first.",
  "structural-doubtful":
    "Both sides' syntax trees, merged node by node, which brings back what one side removed.",
} as const satisfies Readonly<Record<string, string>>;

export type CandidateName = keyof typeof explanations;

export const candidateNames = Object.keys(explanations) as readonly CandidateName[];
