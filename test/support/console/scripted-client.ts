import type { RouteName } from '#shared/api/route-types';
import { type Failure, failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { ApiClient, CallOptions } from '#electron/core/api/client';

export interface MadeCall {
  readonly name: RouteName;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  answer(value: unknown): void;
  fail(failure: Failure): void;
}

/** A client whose calls stay open until the test answers them, one after the other. */
export class ScriptedClient implements ApiClient {
  readonly url = 'http://service.test';
  clockOffsetMs: number | null = null;
  readonly made: MadeCall[] = [];
  disposed = false;
  readonly #waiting: ((call: MadeCall) => void)[] = [];
  #taken = 0;

  call(name: RouteName, input: object, options: CallOptions = {}): Promise<never> {
    return new Promise<Outcome<unknown>>((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      const call: MadeCall = {
        name,
        input: input as Readonly<Record<string, unknown>>,
        options,
        answer: (value) => resolve(succeeded(value)),
        fail: (failure) => resolve(failed(failure)),
      };
      this.made.push(call);
      this.#waiting.shift()?.(call);
    }) as Promise<never>;
  }

  download(): Promise<never> {
    throw new Error('nothing is downloaded here');
  }

  dispose(): void {
    this.disposed = true;
  }

  /** Resolves with the next call, made or future, which must be of this route. */
  async next(name: RouteName): Promise<MadeCall> {
    const already = this.made[this.#taken];
    this.#taken += 1;
    const call = already ?? (await new Promise<MadeCall>((resolve) => this.#waiting.push(resolve)));
    if (call.name !== name) throw new Error(`Expected a call of ${name}, got ${call.name}.`);
    return call;
  }
}
