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
  /** True if a press on a bucket chooses it. */
  readonly isPressable?: boolean;
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
  const { isPressable = false } = props;
  const [latest, setLatest] = useState<Brush | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const drag = useRef<{ readonly bucket: number; readonly x: number } | null>(null);
  const brush = latest?.scale === scale ? latest : null;
  if (latest !== brush) setLatest(null);
  const last = buckets - 1;
  const shown = brush ?? (hovered === null || hovered > last ? null : { anchor: hovered, head: hovered });
  const start = shown === null ? 0 : Math.min(shown.anchor, shown.head);
  const end = shown === null ? 0 : Math.max(shown.anchor, shown.head) + 1;
  const content = shown === null ? '' : t('pictures.chosenContent', { content: contentWords(start, end) });
  const clamp = (bucket: number): number => Math.max(0, Math.min(last, bucket));
  const choose = (anchor: number, head: number): void => setLatest({ scale, anchor, head });

  const bucketAt = ({ currentTarget, clientX }: PointerEvent): number => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return clamp(Math.floor(((clientX - left) / width) * buckets));
  };
  const isDragged = ({ clientX }: PointerEvent): boolean =>
    drag.current !== null && (brush !== null || Math.abs(clientX - drag.current.x) >= LEAST_DRAG_PX);
  const handlePointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { bucket: bucketAt(event), x: event.clientX };
    setLatest(null);
  };
  const handlePointerMove = (event: PointerEvent): void => {
    const bucket = bucketAt(event);
    setHovered(bucket);
    if (isDragged(event)) choose(drag.current?.bucket ?? bucket, bucket);
  };
  const handlePointerUp = (event: PointerEvent): void => {
    if (drag.current === null) return;
    const head = bucketAt(event);
    const anchor = drag.current.bucket;
    // The last movement may not be rendered yet.
    if (isPressable || isDragged(event)) onChoose(Math.min(anchor, head), Math.max(anchor, head) + 1);
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
      drag.current = null;
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
        aria-valuetext={brush === null ? t('pictures.nothingChosen') : timeWords(start, end) + content}
        onPointerDown={handlePointerDown}
        onPointerMove={handlePointerMove}
        onPointerUp={handlePointerUp}
        onPointerLeave={() => setHovered(null)}
        onPointerCancel={() => {
          drag.current = null;
          setLatest(null);
        }}
        onKeyDown={handleKeys}
      >
        {shown !== null && (
          <div
            className={brush === null ? classes.hovered : classes.chosen}
            style={{
              left: `${(start / buckets) * 100}%`,
              width: `${((end - start) / buckets) * 100}%`,
            }}
          />
        )}
      </div>
      {shown !== null && (
        <div className={classes.words} aria-hidden>
          {timeWords(start, end)}
          <span className={classes.content}>{content}</span>
        </div>
      )}
    </>
  );
}
