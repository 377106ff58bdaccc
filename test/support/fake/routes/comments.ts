// Routes of comments and reactions, in the conversation and on lines of the diff.
import { commentPayload } from "../payloads.ts";
import { notFound, page, Refusal, unprocessable, type Reply, type RepositoryRequest } from "../http.ts";
import { renderComment, renderReaction } from "../render-pull.ts";
import type { Route } from "../route.ts";
import {
  newId,
  timestamp,
  type Comment,
  type Pull,
  type ReactionContent,
  type Repository,
  type State,
  type User,
} from "../state.ts";
import type { Needs } from "../auth.ts";
import { pullOf } from "./pulls.ts";

/** GitHub's limit, in characters. */
const MAX_BODY = 65_536;

const READ_CONVERSATION: Needs = [
  ["issues", "read"],
  ["pull_requests", "read"],
];
const WRITE_CONVERSATION: Needs = [
  ["issues", "write"],
  ["pull_requests", "write"],
];

export function addComment(
  state: State,
  comment: {
    repository: Repository;
    pull: Pull;
    user: User;
    body: string;
    kind: Comment["kind"];
    path?: string;
    line?: number;
  },
): Comment {
  const now = timestamp();
  const made: Comment = {
    path: "README.md",
    line: 1,
    ...comment,
    id: newId(state),
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  state.comments.set(made.id, made);
  const event = made.kind === "issue" ? "issue_comment" : "pull_request_review_comment";
  state.emit(event, () => commentPayload(state, made, { action: "created" }, made.user));
  return made;
}

function checkedBody(body: unknown): string {
  const text = (body as { body: string }).body;
  if (text.trim() === "") {
    throw unprocessable("Validation Failed", [
      { resource: "IssueComment", code: "unprocessable", field: "data", message: "Body cannot be blank" },
    ]);
  }
  if (Array.from(text).length > MAX_BODY) {
    const message = `Body is too long (maximum is ${String(MAX_BODY)} characters)`;
    throw unprocessable(
      `Validation Failed: ${JSON.stringify({ resource: "IssueComment", code: "unprocessable", field: "data", message })}`,
      [{ resource: "IssueComment", code: "unprocessable", field: "data", message }],
    );
  }
  return text;
}

function commentOf(state: State, request: RepositoryRequest, kind: Comment["kind"]): Comment {
  const comment = state.comments.get(Number(request.params["comment_id"]));
  if (comment?.repository !== request.repository || comment.kind !== kind) throw notFound();
  return comment;
}

function listComments(request: RepositoryRequest, state: State): Reply {
  const pull = pullOf(request.repository, request.params["issue_number"]);
  const since = request.query["since"] ?? "";
  const found = [...state.comments.values()].filter(
    (comment) => comment.pull === pull && comment.kind === "issue" && comment.updatedAt >= since,
  );
  const { items, headers } = page(state, request, found);
  return { status: 200, headers, body: items.map((comment) => renderComment(state, comment)) };
}

function createComment(request: RepositoryRequest, state: State): Reply {
  const pull = pullOf(request.repository, request.params["issue_number"]);
  const body = checkedBody(request.body);
  const comment = addComment(state, {
    repository: request.repository,
    pull,
    user: state.bot,
    body,
    kind: "issue",
  });
  return {
    status: 201,
    body: renderComment(state, comment),
    headers: { location: String(renderComment(state, comment)["url"]) },
  };
}

function getComment(kind: Comment["kind"]): (request: RepositoryRequest, state: State) => Reply {
  return (request, state) => ({ status: 200, body: renderComment(state, commentOf(state, request, kind)) });
}

function updateComment(request: RepositoryRequest, state: State): Reply {
  const comment = commentOf(state, request, "issue");
  const before = comment.body;
  comment.body = checkedBody(request.body);
  comment.updatedAt = timestamp();
  state.emit("issue_comment", () =>
    commentPayload(state, comment, { action: "edited", from: before }, state.bot),
  );
  return { status: 200, body: renderComment(state, comment) };
}

function deleteComment(request: RepositoryRequest, state: State): Reply {
  const comment = commentOf(state, request, "issue");
  state.comments.delete(comment.id);
  state.emit("issue_comment", () => commentPayload(state, comment, { action: "deleted" }, state.bot));
  return { status: 204 };
}

function listReactions(kind: Comment["kind"]): (request: RepositoryRequest, state: State) => Reply {
  return (request, state) => {
    const content = request.query["content"];
    const all = commentOf(state, request, kind).reactions;
    const { items, headers } = page(
      state,
      request,
      all.filter((reaction) => content === undefined || reaction.content === content),
    );
    return { status: 200, headers, body: items.map((reaction) => renderReaction(state, reaction)) };
  };
}

function createReaction(kind: Comment["kind"]): (request: RepositoryRequest, state: State) => Reply {
  return (request, state) => {
    const comment = commentOf(state, request, kind);
    const { content } = request.body as { content: ReactionContent };
    const known = comment.reactions.find(
      (reaction) => reaction.user.id === state.bot.id && reaction.content === content,
    );
    if (known !== undefined) return { status: 200, body: renderReaction(state, known) };
    const reaction = { id: newId(state), user: state.bot, content, createdAt: timestamp() };
    comment.reactions.push(reaction);
    return { status: 201, body: renderReaction(state, reaction) };
  };
}

function deleteReaction(kind: Comment["kind"]): (request: RepositoryRequest, state: State) => Reply {
  return (request, state) => {
    const { reactions } = commentOf(state, request, kind);
    const index = reactions.findIndex((reaction) => reaction.id === Number(request.params["reaction_id"]));
    if (index < 0) throw notFound();
    if (reactions[index]?.user.id !== state.bot.id)
      throw new Refusal(403, "Resource not accessible by integration");
    reactions.splice(index, 1);
    return { status: 204 };
  };
}

function reactionRoutes(kind: Comment["kind"]): readonly Route[] {
  const at = `/repos/{owner}/{repo}/${kind === "issue" ? "issues" : "pulls"}/comments/{comment_id}`;
  const read: Needs = kind === "issue" ? READ_CONVERSATION : [["pull_requests", "read"]];
  const write: Needs = kind === "issue" ? WRITE_CONVERSATION : [["pull_requests", "write"]];
  return [
    { operation: `GET ${at}`, access: read, handle: getComment(kind) },
    { operation: `GET ${at}/reactions`, access: read, handle: listReactions(kind) },
    { operation: `POST ${at}/reactions`, access: write, handle: createReaction(kind) },
    { operation: `DELETE ${at}/reactions/{reaction_id}`, access: write, handle: deleteReaction(kind) },
  ];
}

export const commentRoutes: readonly Route[] = [
  {
    operation: "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    access: READ_CONVERSATION,
    handle: listComments,
  },
  {
    operation: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    access: WRITE_CONVERSATION,
    handle: createComment,
  },
  {
    operation: "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    access: WRITE_CONVERSATION,
    handle: updateComment,
  },
  {
    operation: "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    access: WRITE_CONVERSATION,
    handle: deleteComment,
  },
  ...reactionRoutes("issue"),
  ...reactionRoutes("review"),
];
