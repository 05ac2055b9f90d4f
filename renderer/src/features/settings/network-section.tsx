import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { NetworkChanges, NetworkSettings, NetworkState, ProxyChoice } from '#shared/ipc/network';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { Form } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { Section } from './section';
import classes from './settings.module.css';

const CHOICES: readonly { readonly value: ProxyChoice; readonly label: string }[] = [
  { value: 'system', label: 'As the system says' },
  { value: 'none', label: 'No proxy' },
  { value: 'own', label: 'This proxy' },
];

const PASSWORD_WORDS: Readonly<Record<NetworkState['password'], string>> = {
  kept: 'One is kept by the system’s key store. Leave this empty to keep it for this proxy and user.',
  session: 'One is kept until Gatehouse ends. Leave this empty to keep it for this proxy and user.',
  none: 'Kept by the system’s key store, where there is one.',
};

const FIELDS = ['address', 'exceptions', 'userName', 'password', 'authorityFile'];

export function NetworkSection() {
  const [state, setState] = useState<NetworkState | null>(null);
  const connection = useMirror((mirror) => mirror.connection);
  // The sentence about the route depends on the service in use.
  const serviceUrl = connection.kind === 'none' ? null : connection.service.url;
  useEffect(() => {
    let stopped = false;
    void settle(() => bridge().calls.network.state()).then((outcome) => {
      if (outcome.ok && !stopped) setState(outcome.value);
    });
    return () => {
      stopped = true;
    };
  }, [serviceUrl]);
  if (state === null) return null;
  return (
    <Section title="Network">
      <p className={classes.quiet}>
        For a service elsewhere. The service on this computer is always reached directly.
        {state.route !== null && ` ${state.route}`}
      </p>
      <NetworkForm state={state} onSaved={setState} />
    </Section>
  );
}

interface NetworkFormProps {
  readonly state: NetworkState;
  readonly onSaved: (state: NetworkState) => void;
}

function NetworkForm({ state, onSaved }: NetworkFormProps) {
  const [draft, setDraft] = useState<NetworkSettings>(state.settings);
  const [password, setPassword] = useState('');
  const saving = useCall((changes: NetworkChanges) => bridge().calls.network.change(changes));
  const choosing = useCall(() => bridge().calls.network.chooseFile());
  const failureText = useFailureText(saving.failure ?? choosing.failure);
  const set = (changes: Partial<NetworkSettings>): void =>
    setDraft((current) => ({ ...current, ...changes }));
  const field = (name: 'address' | 'exceptions' | 'userName' | 'authorityFile') => ({
    value: draft[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      set({ [name]: event.currentTarget.value }),
    error: fieldMessage(failureText, name),
    className: classes.choice ?? '',
    spellCheck: false,
    autoComplete: 'off',
  });
  const save = (): void => {
    void saving.run({ ...draft, ...(password === '' ? {} : { password }) }).then((outcome) => {
      if (outcome?.ok !== true) return;
      setPassword('');
      setDraft(outcome.value.settings);
      onSaved(outcome.value);
    });
  };

  return (
    <Form className={classes.choices} onSubmit={save}>
      <SegmentedControl
        aria-label="Proxy"
        data={[...CHOICES]}
        value={draft.proxy}
        onChange={(value) => set({ proxy: CHOICES.find((each) => each.value === value)?.value ?? 'system' })}
      />
      {draft.proxy === 'system' && (
        <p className={classes.quiet}>
          HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment, else the proxy settings of the system.
        </p>
      )}
      {draft.proxy === 'own' && (
        <>
          <TextInput
            label="Address of the proxy"
            placeholder="proxy.example.com:3128"
            {...field('address')}
          />
          <TextInput
            label="Not for"
            description="Hosts, addresses and networks with commas between: example.com, 10.0.0.0/8."
            {...field('exceptions')}
          />
          <TextInput
            label="User name"
            description="Only where the proxy asks for one."
            {...field('userName')}
          />
          <PasswordInput
            label="Password of the proxy"
            description={PASSWORD_WORDS[state.password]}
            className={classes.choice ?? ''}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="off"
          />
        </>
      )}
      <TextInput
        label="Certificate authority file"
        description="Trusted beside the authorities of the system, for services with a certificate of your company. Empty: none."
        placeholder="/etc/ssl/company.pem"
        {...field('authorityFile')}
      />
      <FormError message={formMessage(failureText, FIELDS)} />
      <div className={classes.rowButtons}>
        <Button type="submit" loading={saving.pending}>
          Save and connect anew
        </Button>
        <Button
          variant="default"
          loading={choosing.pending}
          onClick={() => {
            void choosing.run().then((outcome) => {
              if (outcome?.ok === true && outcome.value !== null) set({ authorityFile: outcome.value });
            });
          }}
        >
          Choose a certificate file…
        </Button>
      </div>
    </Form>
  );
}
