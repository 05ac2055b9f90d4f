import { Checkbox, Radio, Stack } from '@mantine/core';
import { permissionSchema, roleSchema } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { permissionName } from '../../domain/failures';
import { type Rights, withPermission } from './model';

interface RightsFieldsProps {
  readonly rights: Rights;
  readonly isDisabled?: boolean;
  readonly onChange: (rights: Rights) => void;
}

/** Role and permissions of a user. An owner has all permissions. */
export function RightsFields({ rights, isDisabled = false, onChange }: RightsFieldsProps) {
  const { role, permissions } = rights;
  return (
    <Stack gap={14}>
      <Radio.Group
        label={t('users.role')}
        value={role}
        onChange={(value) => {
          const chosen = roleSchema.safeParse(value);
          if (chosen.success) onChange({ ...rights, role: chosen.data });
        }}
      >
        <Stack gap={8} mt={4}>
          {roleSchema.options.map((one) => (
            <Radio
              key={one}
              size="xs"
              value={one}
              label={t(`users.role_${one}`)}
              description={t(`users.about_${one}`)}
              disabled={isDisabled}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox.Group
        label={t('users.permissions')}
        value={role === 'owner' ? [...permissionSchema.options] : [...permissions]}
      >
        <Stack gap={8} mt={4}>
          {permissionSchema.options.map((one) => (
            <Checkbox
              key={one}
              value={one}
              label={permissionName(one)}
              description={t(`users.about_${one}`)}
              disabled={isDisabled || role === 'owner'}
              onChange={(event) =>
                onChange({
                  ...rights,
                  permissions: withPermission(permissions, one, event.currentTarget.checked),
                })
              }
            />
          ))}
        </Stack>
      </Checkbox.Group>
    </Stack>
  );
}
