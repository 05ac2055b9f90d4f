import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startSessionBus } from '#electron/launch/virtual-desktop';
import type { Service } from '#electron/launch/virtual-desktop';

/** A service that the bus starts on demand, as desktops do. */
export interface BusService {
  readonly name: string;
  readonly command: string;
}

interface BusOptions {
  /** The bus's socket; one of its own by default. */
  readonly socket?: string;
  /** The service that it starts on demand; none by default, so that only what the test has started answers. */
  readonly service?: BusService;
}

/** Starts a session bus; its configuration lies in `folder`. */
export async function startTestBus(folder: string, { socket, service }: BusOptions = {}): Promise<Service> {
  const services = join(folder, 'bus-services');
  await mkdir(services, { recursive: true });
  if (service !== undefined) {
    await writeFile(
      join(services, `${service.name}.service`),
      `[D-BUS Service]\nName=${service.name}\nExec=${service.command}\n`,
    );
  }
  const configuration = join(folder, 'bus.conf');
  await writeFile(
    configuration,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>${socket === undefined ? 'unix:tmpdir=/tmp' : `unix:path=${socket}`}</listen>
  <servicedir>${services}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  return startSessionBus(configuration);
}
