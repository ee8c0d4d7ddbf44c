// The API, as the page asks it. The page holds no rules: whatever it can do, curl can do.

// Who signed in: name, role and csrf, the secret that shows that it is this page which asks. The session itself is in a
// cookie that no script can read.
export const session = { operator: null, ended: () => {} };

export const mayChange = () => session.operator?.role === "operator";

/** What the API answered instead of what was asked: the message is a sentence for people. */
export class ApiProblem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function api(path, { method = "GET", body, epoch } = {}) {
  const headers = {};
  if (session.operator) headers["x-crossfade-csrf"] = session.operator.csrf;
  if (body) headers["content-type"] = "application/json";
  if (epoch !== undefined) headers["if-match"] = `"${epoch}"`;
  const response = await fetch(path, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(15_000),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiProblem(response.status, answer.detail ?? `The proxy answered ${response.status}.`);
  }
  return answer;
}

export function explain(problem) {
  if (!(problem instanceof ApiProblem)) {
    return "The proxy does not answer. Whether it did what you asked for is not known: look again before you repeat it.";
  }
  return problem.status === 412
    ? "Somebody else was faster. What you see now is how it stands since: look again, then repeat it if you still want to."
    : problem.message;
}

/** Does what an operator asked for, and says near it why it could not be done. */
export async function attempt(complain, action) {
  complain("");
  try {
    return await action();
  } catch (problem) {
    if (problem.status === 401) {
      session.ended("The session has ended. Sign in again.");
    } else {
      complain(explain(problem));
    }
    return null;
  }
}
