import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { t } from '#shared/i18n/t';
import classes from './timeline-brush.module.css';

interface TimelineBrushProps {
  /** Accessible name. */
  readonly label: string;
  readonly buckets: number;
  /** Another scale means that the buckets stand for other times, so that nothing is chosen any more. */
  readonly scale: string;
  /** The time of the buckets from the first up to before the second index. */
  readonly timeWords: (start: number, end: number) => string;
  /** What was in that time; left out where there is no room. */
  readonly contentWords: (start: number, end: number) => string;
  readonly onChoose: (start: number, end: number) => void;
  /** Called for Escape while nothing is chosen. */
  readonly onClear: () => void;
}

interface Brush {
  readonly scale: string;
  /** The bucket at which the choice began, and the one that moves. */
  readonly anchor: number;
  readonly head: number;
}

/** Shorter movements are clicks. */
const LEAST_DRAG_PX = 4;
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** Lies over a chart of buckets, of which some are chosen by dragging, or by arrow keys and Enter. */
export function TimelineBrush(props: TimelineBrushProps) {
  const { label, buckets, scale, timeWords, contentWords, onChoose, onClear } = props;
  const [latest, setLatest] = useState<Brush | null>(null);
  const drag = useRef<{ readonly bucket: number; readonly x: number } | null>(null);
  const brush = latest?.scale === scale ? latest : null;
  if (latest !== brush) setLatest(null);
  const start = brush === null ? 0 : Math.min(brush.anchor, brush.head);
  const end = brush === null ? 0 : Math.max(brush.anchor, brush.head) + 1;
  const last = buckets - 1;
  const clamp = (bucket: number): number => Math.max(0, Math.min(last, bucket));
  const choose = (anchor: number, head: number): void => setLatest({ scale, anchor, head });

  const bucketAt = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return clamp(Math.floor(((clientX - left) / width) * buckets));
  };
  const handlePointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { bucket: bucketAt(event), x: event.clientX };
    setLatest(null);
  };
  const handlePointerMove = (event: PointerEvent): void => {
    if (drag.current === null) return;
    if (brush === null && Math.abs(event.clientX - drag.current.x) < LEAST_DRAG_PX) return;
    choose(drag.current.bucket, bucketAt(event));
  };
  const handlePointerUp = (): void => {
    if (drag.current !== null && brush !== null) onChoose(start, end);
    drag.current = null;
  };

  const handleKeys = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (brush === null) choose(last, last);
      else if (event.shiftKey) choose(brush.anchor, clamp(brush.head + step));
      else if (start + step >= 0 && end + step <= buckets) choose(brush.anchor + step, brush.head + step);
    } else if (event.key === 'Enter' && brush !== null) {
      onChoose(start, end);
    } else if (event.key === 'Escape') {
      if (brush === null) onClear();
      setLatest(null);
    }
  };

  return (
    <>
      <div
        role="slider"
        tabIndex={0}
        className={classes.brush}
        aria-label={label}
        aria-description={t('pictures.brushKeys')}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={brush?.head ?? last}
        aria-valuetext={
          brush === null
            ? t('pictures.nothingChosen')
            : `${timeWords(start, end)}: ${contentWords(start, end)}`
        }
        onPointerDown={handlePointerDown}
        onPointerMove={handlePointerMove}
        onPointerUp={handlePointerUp}
        onPointerCancel={() => {
          drag.current = null;
          setLatest(null);
        }}
        onKeyDown={handleKeys}
      >
        {brush !== null && (
          <div
            className={classes.chosen}
            style={{
              left: `${(start / buckets) * 100}%`,
              width: `${((end - start) / buckets) * 100}%`,
            }}
          />
        )}
      </div>
      {brush !== null && (
        <div className={classes.words} aria-hidden>
          {timeWords(start, end)}
          <span className={classes.content}>: {contentWords(start, end)}</span>
        </div>
      )}
    </>
  );
}
