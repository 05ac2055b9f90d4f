/**
 * An expected obstacle to the start: no display, no network, a missing library. Its message is one sentence for the person
 * at the terminal; the launcher prints it without a stack trace.
 */
export class LaunchProblem extends Error {
  override readonly name = 'LaunchProblem';
}
