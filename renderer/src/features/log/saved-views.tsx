import { ActionIcon, Button, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import type { Failure } from '#shared/ipc/failure';
import { MOST_SAVED_VIEWS, type SavedView } from '#shared/ipc/log';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { FailureMessage } from '../../forms/failure-message';
import { placeOfText, textOfPlace } from '../../stores/log-draft';
import { useUi } from '../../stores/ui';
import { Form } from '../../ui/form';
import classes from './saved-views.module.css';

const LONGEST_NAME = 60;

export function SavedViews() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      hideDetached={false}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t('log.savedViews')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Views onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Filters of this account under names: one is shown, saved, renamed or removed. */
function Views({ onDone }: { readonly onDone: () => void }) {
  const [views, setViews] = useState<readonly SavedView[] | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [renamed, setRenamed] = useState<string | null>(null);
  useEffect(() => {
    void settle(() => bridge().calls.log.views()).then((outcome) => {
      if (outcome.ok) setViews(outcome.value);
      else setFailure(outcome.failure);
    });
  }, []);
  const keep = async (next: readonly SavedView[]): Promise<boolean> => {
    const outcome = await settle(() => bridge().calls.log.keepViews({ views: [...next] }));
    setFailure(outcome.ok ? null : outcome.failure);
    if (outcome.ok) setViews(next);
    return outcome.ok;
  };
  if (views === null) return <FailureMessage failure={failure} />;
  const save = async (name: string): Promise<void> => {
    const place = textOfPlace(useUi.getState());
    const others = views.filter((view) => view.name !== name);
    if (await keep([...others, { name, place }])) onDone();
  };
  return (
    <div className={classes.views}>
      {views.length === 0 && <p className={classes.none}>{t('log.noViews')}</p>}
      <ul className={classes.list} aria-label={t('log.savedViews')}>
        {views.map((view) =>
          view.name === renamed ? (
            <li key={view.name}>
              <NameForm
                label={t('log.viewName')}
                first={view.name}
                taken={views.filter((one) => one !== view)}
                onSubmit={(name) => {
                  setRenamed(null);
                  void keep(views.map((one) => (one === view ? { ...view, name } : one)));
                }}
              />
            </li>
          ) : (
            <li key={view.name} className={classes.row}>
              <UnstyledButton
                className={classes.name}
                title={view.name}
                onClick={() => {
                  useUi.setState({ ...placeOfText(view.place), selectedAttemptId: null });
                  onDone();
                }}
              >
                {view.name}
              </UnstyledButton>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('log.renameView', { name: view.name })}
                onClick={() => setRenamed(view.name)}
              >
                <IconPencil size={14} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('log.removeView', { name: view.name })}
                onClick={() => void keep(views.filter((one) => one !== view))}
              >
                <IconTrash size={14} aria-hidden />
              </ActionIcon>
            </li>
          ),
        )}
      </ul>
      <NameForm
        key={views.length}
        label={t('log.saveViewAs')}
        first=""
        replaceable={views}
        isFull={views.length >= MOST_SAVED_VIEWS}
        onSubmit={(name) => void save(name)}
      />
      <FailureMessage failure={failure} />
    </div>
  );
}

interface NameFormProps {
  readonly label: string;
  readonly first: string;
  /** Views whose names cannot be given again. */
  readonly taken?: readonly SavedView[];
  /** Views that the new one takes the place of if it has their name. */
  readonly replaceable?: readonly SavedView[];
  readonly isFull?: boolean;
  readonly onSubmit: (name: string) => void;
}

function NameForm({ label, first, taken = [], replaceable = [], isFull = false, onSubmit }: NameFormProps) {
  const [typed, setTyped] = useState(first);
  const name = typed.trim();
  const has = (views: readonly SavedView[]): boolean => views.some((view) => view.name === name);
  const isReplacing = has(replaceable);
  const problem = has(taken)
    ? t('log.viewNameTaken')
    : isFull && !isReplacing && name !== ''
      ? t('log.mostViews', { number: MOST_SAVED_VIEWS })
      : null;
  const isReady = name !== '' && problem === null;
  return (
    <Form
      className={classes.form}
      onSubmit={() => {
        if (isReady) onSubmit(name);
      }}
    >
      <TextInput
        label={label}
        value={typed}
        error={problem}
        maxLength={LONGEST_NAME}
        className={classes.field ?? ''}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!isReady}>
        {t(isReplacing ? 'log.replaceView' : 'log.save')}
      </Button>
    </Form>
  );
}
