interface GridPosition {
  /** -1 if no row is selected. */
  readonly selectedIndex: number;
  readonly firstInView: number;
  readonly pageRows: number;
  readonly rowCount: number;
}

/** Returns the index of the row that the key leads to; null if the key means nothing to a grid. */
export function stepOf(key: string, position: GridPosition): number | null {
  const { selectedIndex, firstInView, pageRows, rowCount } = position;
  const start = Math.min(firstInView, rowCount - 1);
  const clamp = (index: number): number => Math.max(0, Math.min(rowCount - 1, index));
  switch (key) {
    case 'ArrowDown':
      return selectedIndex < 0 ? start : clamp(selectedIndex + 1);
    case 'ArrowUp':
      return selectedIndex < 0 ? start : clamp(selectedIndex - 1);
    case 'PageDown':
      return clamp((selectedIndex < 0 ? start : selectedIndex) + pageRows);
    case 'PageUp':
      return clamp((selectedIndex < 0 ? start : selectedIndex) - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return rowCount - 1;
    default:
      return null;
  }
}
