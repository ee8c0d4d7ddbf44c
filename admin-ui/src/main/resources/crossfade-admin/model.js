// Groups as the page shows them, put together from what the API says of repositories, replay and capture.

export const STAGES = ["off", "dual-write", "shadow", "rollout", "live", "complete"];

export const isBeyond = (stage, other) => STAGES.indexOf(stage) > STAGES.indexOf(other);

/** Repositories of one group move together, so each fact of the group is taken from its first. */
export function groupsOf({ status, repositories }) {
  const groups = new Map();
  for (const repository of repositories.repositories) {
    const members = groups.get(repository.group) ?? [];
    members.push(repository);
    groups.set(repository.group, members);
  }
  return [...groups].sort(([one], [other]) => one.localeCompare(other)).map(([name, members]) => group(name, members, status, repositories.epoch));
}

function group(name, members, status, epoch) {
  const { stage, rollout, rolloutByOperation, acceptedStages, nextStage, gates, guardrails, ramp } = members[0];
  const shadow = status.shadow.find((one) => one.group === name) ?? null;
  const capture = status.capture.find((one) => one.group === name) ?? null;
  const reads = sum(members, "reads");
  const authority = capture?.authority ?? (isBeyond(stage, "rollout") ? "target" : "legacy");
  return {
    name,
    epoch,
    repositories: members.map((repository) => repository.name),
    stage,
    rollout,
    rolloutByOperation,
    acceptedStages,
    nextStage,
    gates,
    guardrails,
    ramp,
    shadow,
    red: capture?.red ?? null,
    authority,
    // A rollback reaches both sides; where the target is gone, only force is left.
    needsForce: authority === "target" && isDown("target", status.sides),
    reads,
    writes: sum(members, "writes"),
    measured: reads.legacy + reads.target === 0 ? null : (100 * reads.target) / (reads.legacy + reads.target),
    lost: lost(stage, shadow, status.sides),
  };
}

function sum(members, kind) {
  const of = (side) => members.reduce((all, repository) => all + repository.callsPerMinute[side][kind], 0);
  return { legacy: of("legacy"), target: of("target") };
}

const isDown = (name, sides) => sides.some((side) => side.side === name && !side.up);

/** What a rollback at this moment would lose: nothing, unless the writes are on a target that does not answer. */
function lost(stage, shadow, sides) {
  const atRisk = shadow?.atRisk ?? 0;
  const down = isDown("target", sides);
  if (!isBeyond(stage, "rollout")) {
    return { text: "none", note: "", bad: false };
  }
  if (down) {
    return { text: atRisk === 0 ? "none known" : `up to ${atRisk}`, note: "the target does not answer", bad: atRisk > 0 };
  }
  return { text: "none", note: atRisk === 0 ? "" : `up to ${atRisk} if target were lost`, bad: false };
}
