import { isReporting } from '#shared/domain/reporting';
import { useCallback } from 'react';
import { UNRECOGNISED } from '#shared/domain/told';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import type { Reading } from '../../bridge/use-reading';
import type { Choice } from '../../domain/protection-words';
import { useServiceReading } from '../../forms/service-reading';
import { useMirror } from '../../stores/mirror';
import type { Simulated } from './effects';

/** Tries a way to decide on the log. The service compares it with the one that holds when it is asked. */
export function useSimulation({ mode, reportOnly }: Choice): Reading<Simulated> {
  // The service compares with another way to decide once it has the changes of this computer.
  const waiting = useMirror((mirror) => mirror.sync.waiting);
  return useServiceReading(
    useCallback(() => simulate({ mode, reportOnly }), [mode, reportOnly]),
    waiting,
  );
}

async function simulate({ mode, reportOnly }: Choice): Promise<Outcome<Simulated>> {
  const { run } = bridge().calls.simulation;
  const wanted = mode === UNRECOGNISED ? {} : { mode };
  const chosen = await run({ ...wanted, reportOnly });
  if (!chosen.ok) return chosen;
  if (!isReporting({ mode, reportOnly })) return succeeded({ chosen: chosen.value, enforced: null });
  const enforced = await run({ ...wanted, reportOnly: false });
  return enforced.ok ? succeeded({ chosen: chosen.value, enforced: enforced.value }) : enforced;
}
