import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { z } from 'zod';

import { startHelper, stopChild } from '#electron/launch/child-processes';

import { Waiting } from './waiting';

const READY_LIMIT_MS = 15_000;
const ANSWER_LIMIT_MS = 5_000;

/**
 * Returns the command of a helper in this folder. Debian's packages belong to the system's python3, which need not be the
 * first in the path.
 */
export function helperCommand(script: string) {
  return ['/usr/bin/python3', '-B', join(import.meta.dirname, script)] as const;
}

interface Helper<Event> {
  /** The name that begins a sentence about it. */
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly eventSchema: z.ZodType<Event>;
}

/** The test's end of the protocol of `conversation.py`: a helper's events so far, and commands to it. */
export class Conversation<Event extends { readonly event: string }> {
  readonly events: Event[] = [];
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Waiting();
  #complaint = '';

  private constructor({ name, eventSchema }: Helper<Event>, child: ChildProcess) {
    this.#name = name;
    this.#child = child;
    if (child.stdin === null || child.stdout === null || child.stderr === null) {
      throw new Error(`${name} needs its pipes.`);
    }
    // Writing to a helper that has ended fails here; `close` below rejects its waiters.
    child.stdin.on('error', () => undefined);
    createInterface(child.stdout).on('line', (line) => {
      this.events.push(eventSchema.parse(JSON.parse(line)));
      this.#waiting.lookAgain();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#complaint += chunk));
    child.once('close', () => this.#waiting.giveUp(`${name} ended. ${this.#complaint}`));
    child.once('error', (error) => this.#waiting.giveUp(error.message));
  }

  /** Starts the helper and waits until it is ready. */
  static async begin<Event extends { readonly event: string }>(
    helper: Helper<Event>,
  ): Promise<Conversation<Event>> {
    const { name, script, args = [], env } = helper;
    const [file, ...ownArgs] = helperCommand(script);
    const child = startHelper(file, [...ownArgs, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
    const conversation = new Conversation(helper, child);
    await conversation.until(
      () => conversation.events.find(({ event }) => event === 'ready'),
      READY_LIMIT_MS,
      () => `${name} was not ready within ${READY_LIMIT_MS} ms. ${conversation.#complaint}`,
    );
    return conversation;
  }

  /** Waits until `find` returns something for the events. */
  until<T>(find: () => T | undefined, deadlineMs: number, describe: () => string): Promise<T> {
    return this.#waiting.until(find, deadlineMs, describe);
  }

  /** Sends a command; resolves with the first event after it that is the answer. */
  ask<Answer extends Event>(command: object, isAnswer: (event: Event) => event is Answer): Promise<Answer>;
  ask(command: object, isAnswer: (event: Event) => boolean): Promise<Event>;
  ask(command: object, isAnswer: (event: Event) => boolean): Promise<Event> {
    const alreadySeen = this.events.length;
    this.#child.stdin?.write(`${JSON.stringify(command)}\n`);
    return this.until(
      () => this.events.slice(alreadySeen).find(isAnswer),
      ANSWER_LIMIT_MS,
      () => `${this.#name} did not answer ${JSON.stringify(command)}. ${this.#complaint}`,
    );
  }

  stop(): Promise<void> {
    return stopChild(this.#child);
  }
}
