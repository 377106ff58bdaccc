// From the policy to a filter program for one architecture.
import {
  dataOffset,
  encode,
  give,
  load,
  verdicts,
  whenAtLeast,
  whenNoneOf,
  whenOneOf,
  type Step,
} from "./assemble.ts";
import { auditArchitecture, newestCall, numberOf, type Architecture } from "./numbers.ts";
import { errors, policy, unknownCallAnswer, type Condition, type Refusal } from "./policy.ts";

/**
 * The filter as the kernel takes it. A program for another architecture ends at its first call; calls are told apart by halving, as a filter is run for
 * each that is made.
 */
export function compileFilter(architecture: Architecture): Uint8Array {
  const calls = [...rulesByNumber(architecture)]
    .sort(([one], [other]) => one - other)
    .map(([number, rules]) => ({ number, refusals: rules.flatMap(refusal) }));
  return encode([
    ...load(dataOffset.architecture),
    ...whenNoneOf([auditArchitecture[architecture]], give(verdicts.killProcess)),
    ...load(dataOffset.number),
    ...whenAtLeast(newestCall + 1, give(verdicts.refuse(errors[unknownCallAnswer]))),
    ...choose(calls),
  ]);
}

function rulesByNumber(architecture: Architecture): Map<number, Refusal[]> {
  const rules = new Map<number, Refusal[]>();
  for (const rule of policy) {
    for (const call of rule.calls) {
      const number = numberOf(call, architecture);
      if (number !== null) rules.set(number, [...(rules.get(number) ?? []), rule]);
    }
  }
  return rules;
}

interface Call {
  readonly number: number;
  readonly refusals: Step;
}

/** Finds the call among these, which are in order of their numbers, and always gives a verdict. */
function choose(calls: readonly Call[]): Step {
  const middle = Math.floor(calls.length / 2);
  const from = calls[middle];
  if (from === undefined) return give(verdicts.allow);
  if (middle === 0) return [...whenOneOf([from.number], from.refusals), ...give(verdicts.allow)];
  return [...whenAtLeast(from.number, choose(calls.slice(middle))), ...choose(calls.slice(0, middle))];
}

/** Refuses where every condition holds, and else runs on. */
function refusal(rule: Refusal): Step {
  const refuse = give(verdicts.refuse(errors[rule.answer]));
  return (rule.when ?? []).reduceRight<Step>((step, condition) => only(condition, step), refuse);
}

function only({ argument, mask, holds, values }: Condition, step: Step): Step {
  const when = holds === "one of" ? whenOneOf : whenNoneOf;
  return [...load(dataOffset.lowHalfOf(argument), mask), ...when(values, step)];
}
