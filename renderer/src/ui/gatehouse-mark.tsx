/** The same drawing as resources/icons/gatehouse.svg. */
export function GatehouseMark({ size = 22 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden focusable="false">
      <rect width="64" height="64" rx="14" fill="var(--mantine-primary-color-filled)" />
      <path fill="#fff" d="M12 14h9v6h6.5v-6h9v6H43v-6h9v38h-7V39a13 13 0 0 0-26 0v13h-7z" />
      <path stroke="#fff" strokeWidth="4" strokeLinecap="round" fill="none" d="M26 37v13m6-15v15m6-13v13" />
    </svg>
  );
}
