import { Modal, TextInput, VisuallyHidden } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowRight,
  IconBolt,
  IconKey,
  IconNetwork,
  IconSearch,
  IconWorldSearch,
} from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import { readRange } from '../../domain/range-check';
import { useUi } from '../../stores/ui';
import { useReadClock } from '../../ui/clock';
import type { Choice, UndoableAnswer } from './actions';
import { find, type Group, type GroupName } from './find';
import classes from './palette-dialog.module.css';

const ICONS: Readonly<Record<GroupName, typeof IconBolt>> = {
  addresses: IconWorldSearch,
  screens: IconArrowRight,
  actions: IconBolt,
  keys: IconKey,
  ranges: IconNetwork,
  settings: IconAdjustments,
};

/** Signs of an address in what was typed; a refusal of other words would be puzzling. */
const LIKE_AN_ADDRESS = /^[\da-f]*[.:][\da-f.:/*\s-]*$/i;

function close(): void {
  useUi.setState({ isPaletteOpen: false });
}

function choose({ refusal, run }: Choice): void {
  if (refusal !== undefined) return;
  close();
  run();
}

interface PaletteDialogProps {
  readonly undoableAnswer: UndoableAnswer;
}

/** A text field with a list under it: the field keeps the focus, and the arrow keys move in the list. */
export function PaletteDialog({ undoableAnswer }: PaletteDialogProps) {
  const readClock = useReadClock();
  const findNow = (text: string): readonly Group[] => find(text, { undoableAnswer, nowMs: readClock() });
  const [text, setText] = useState('');
  const [groups, setGroups] = useState(() => findNow(''));
  const [activeIndex, setActiveIndex] = useState(0);
  const listId = useId();
  useFocusBack();

  const choices = groups.flatMap((group) => group.choices);
  const active = choices[activeIndex];
  const optionIdOf = ({ id }: Choice): string => `${listId}-${id.replaceAll(' ', '-')}`;
  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && choices.length > 0) {
      event.preventDefault();
      setActiveIndex((activeIndex + step + choices.length) % choices.length);
    }
    if (event.key === 'Enter') {
      // The form that opens must not get the key as well.
      event.preventDefault();
      if (active !== undefined && !event.repeat) choose(active);
    }
  };
  return (
    <Modal.Root
      opened
      onClose={close}
      size={560}
      padding={0}
      yOffset="8vh"
      lockScroll={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label={t('palette.title')}>
        <TextInput
          role="combobox"
          aria-label={t('palette.field')}
          aria-autocomplete="list"
          aria-expanded={choices.length > 0}
          aria-controls={choices.length > 0 ? listId : undefined}
          aria-activedescendant={active === undefined ? undefined : optionIdOf(active)}
          placeholder={t('palette.field')}
          classNames={{ input: classes.input }}
          leftSectionWidth={44}
          leftSection={<IconSearch size={16} aria-hidden />}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setGroups(findNow(currentTarget.value));
            setActiveIndex(0);
          }}
          onKeyDown={press}
          data-autofocus
        />
        {choices.length === 0 ? (
          <NothingFound text={text} />
        ) : (
          <div role="listbox" id={listId} aria-label={t('palette.results')} className={classes.list}>
            {groups.map((group) => (
              <ChoiceGroup
                key={group.name}
                group={group}
                active={active}
                optionIdOf={optionIdOf}
                onPoint={(choice) => setActiveIndex(choices.indexOf(choice))}
              />
            ))}
          </div>
        )}
        <VisuallyHidden role="status">
          {choices.length > 0 && text !== '' && t('palette.found', { count: choices.length })}
        </VisuallyHidden>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Gives the focus back to where it was before a form opens, which then gives it back there as well. */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useLayoutEffect(
    () => () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    },
    [opener],
  );
}

function NothingFound({ text }: { readonly text: string }) {
  const reading = readRange(text);
  const isAddress = reading.kind === 'invalid' && LIKE_AN_ADDRESS.test(text.trim());
  return (
    <div role="status" className={classes.nothing}>
      <p>{isAddress ? reading.message : t('palette.nothing', { text: text.trim() })}</p>
      <p className={classes.quiet}>{t('palette.nothingHelp')}</p>
    </div>
  );
}

interface ChoiceGroupProps {
  readonly group: Group;
  readonly active: Choice | undefined;
  readonly optionIdOf: (choice: Choice) => string;
  readonly onPoint: (choice: Choice) => void;
}

function ChoiceGroup({ group, active, optionIdOf, onPoint }: ChoiceGroupProps) {
  const { name, choices, count } = group;
  const Icon = ICONS[name];
  const title =
    count > choices.length
      ? t('palette.someOf', { group: groupName(name), shown: choices.length, number: formatCount(count) })
      : groupName(name);
  return (
    <div role="group" aria-label={title}>
      <div className={classes.title} aria-hidden>
        {title}
      </div>
      {choices.map((choice) => (
        <Option
          key={choice.id}
          id={optionIdOf(choice)}
          icon={<Icon size={16} stroke={1.7} aria-hidden />}
          choice={choice}
          isActive={choice === active}
          onPoint={() => onPoint(choice)}
        />
      ))}
    </div>
  );
}

function groupName(name: GroupName): string {
  if (name === 'addresses' || name === 'actions' || name === 'ranges') return t(`palette.${name}`);
  if (name === 'screens') return t('frame.screens');
  return t(name === 'keys' ? 'frame.screen_keys' : 'frame.screen_settings');
}

interface OptionProps {
  readonly id: string;
  readonly icon: React.ReactNode;
  readonly choice: Choice;
  readonly isActive: boolean;
  readonly onPoint: () => void;
}

function Option({ id, icon, choice, isActive, onPoint }: OptionProps) {
  const option = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) option.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  const { label, refusal, detail } = choice;
  return (
    <div
      ref={option}
      role="option"
      id={id}
      className={classes.option}
      aria-selected={isActive}
      aria-disabled={refusal !== undefined}
      // The field keeps the focus. A list that scrolls under a still pointer must not move the choice.
      onMouseDown={(event) => event.preventDefault()}
      onMouseMove={isActive ? undefined : onPoint}
      onClick={() => choose(choice)}
    >
      {icon}
      <span className={classes.label}>{label}</span>{' '}
      <span className={classes.detail}>{refusal ?? detail}</span>
    </div>
  );
}
