import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  Modal,
  NativeSelect,
  PasswordInput,
  SegmentedControl,
  Table,
  Tabs,
  TagsInput,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { t } from '#shared/i18n/t';

/** The only accent. Green and red are reserved for verdicts, amber for what waits. */
const indigo: MantineColorsTuple = [
  '#eef1fc',
  '#dbe1f7',
  '#b6c2ec',
  '#90a2e2',
  '#7086da',
  '#5b73d4',
  '#4a61c6',
  '#3d51ad',
  '#35479a',
  '#2b3b84',
];

/** For actions that are hard to undo. */
const red: MantineColorsTuple = [
  '#fdecec',
  '#f8d5d6',
  '#eeadaf',
  '#e48387',
  '#dc6065',
  '#d54b51',
  '#cb3b42',
  '#c22b32',
  '#a9242b',
  '#901e24',
];

const slate: MantineColorsTuple = [
  '#d8dbe2',
  '#b9bec9',
  '#9299a8',
  '#6b7282',
  '#434956',
  '#343944',
  '#272b34',
  '#1a1d23',
  '#14161b',
  '#0f1115',
];

const SANS =
  'system-ui, -apple-system, "Segoe UI Variable Text", "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, sans-serif';
const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "JetBrains Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace';

const compact = { size: 'xs' } as const;

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 6 },
  colors: { indigo, red, dark: slate },
  black: '#1b1e25',
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.8125rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5' },
  headings: { fontFamily: SANS, fontWeight: '600' },
  defaultRadius: 6,
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '28px' },
  cursorType: 'default',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } }),
    TextInput: TextInput.extend({ defaultProps: compact }),
    PasswordInput: PasswordInput.extend({ defaultProps: compact }),
    NativeSelect: NativeSelect.extend({
      defaultProps: {
        ...compact,
        rightSection: <IconChevronDown size={14} aria-hidden />,
        rightSectionWidth: 26,
      },
    }),
    TagsInput: TagsInput.extend({ defaultProps: compact }),
    Checkbox: Checkbox.extend({ defaultProps: compact }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs', transitionDuration: 120 } }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, events: { hover: true, focus: true, touch: false } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        // The page itself does not scroll, and locking it would add a style element.
        lockScroll: false,
        padding: 'md',
        yOffset: '8vh',
        transitionProps: { duration: 100, transition: 'fade' },
        overlayProps: { backgroundOpacity: 0.4 },
        closeButtonProps: {
          // A getter, because the theme is made once, and the language may change.
          get 'aria-label'() {
            return t('words.close');
          },
        },
      },
    }),
  },
});

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5d6472',
    '--mantine-color-error': '#c22b32',
    '--mantine-color-placeholder': '#8a91a0',
    '--mantine-color-default-border': '#d5d9e1',
    '--gh-sidebar': '#f5f6f9',
    '--gh-line': '#e3e6ec',
    '--gh-hover': '#f3f5f9',
    '--gh-selected': '#e7ebfa',
    '--gh-raised': '#ffffff',
    '--gh-sunken': '#f7f8fa',
    '--gh-land': '#dfe3ea',
    '--gh-allowed': '#1a7f42',
    '--gh-allowed-soft': '#e3f5e9',
    '--gh-blocked': '#c22b32',
    '--gh-blocked-soft': '#fdeaea',
    '--gh-pending': '#8f5600',
    '--gh-pending-soft': '#fff2d9',
    '--gh-pending-line': '#eec882',
    '--gh-accent-text': '#3d51ad',
  },
  dark: {
    '--mantine-color-body': '#1a1d23',
    '--mantine-color-dimmed': '#a0a7b5',
    '--mantine-color-error': '#ff8a8a',
    '--mantine-color-placeholder': '#757d8d',
    '--mantine-color-default': '#22262e',
    '--mantine-color-default-hover': '#2a2f38',
    '--mantine-color-default-border': '#3a404c',
    '--gh-sidebar': '#14161b',
    '--gh-line': '#2b3039',
    '--gh-hover': '#20242b',
    '--gh-selected': '#282f4a',
    '--gh-raised': '#1f2329',
    '--gh-sunken': '#16181d',
    '--gh-land': '#333945',
    '--gh-allowed': '#5cc98a',
    '--gh-allowed-soft': '#17301f',
    '--gh-blocked': '#ff8a8a',
    '--gh-blocked-soft': '#3a1d20',
    '--gh-pending': '#f0b95a',
    '--gh-pending-soft': '#33270f',
    '--gh-pending-line': '#5f4717',
    '--gh-accent-text': '#a3b3f5',
  },
});
