/** Rows of a list of any length: which of them are in view, and how one of them comes into it. Every row is as high as the others. */

/** Engines lay out no taller boxes than about 33 million pixels. */
const TALLEST = 30_000_000;

export class RowsInView {
  /** The box that scrolls. */
  box = $state<HTMLElement>();
  top = $state(0);
  tall = $state(0);
  high = $state(1);

  /** So many rows can be reached at all. */
  readonly reachable = $derived.by(() => Math.min(this.count(), Math.floor(TALLEST / this.high)));
  readonly from = $derived.by(() => Math.max(0, Math.min(Math.floor(this.top / this.high), this.reachable) - this.beyond));
  /** The first that is not there any more. */
  readonly to = $derived.by(() => Math.min(this.reachable, Math.ceil((this.top + this.tall) / this.high) + this.beyond));
  readonly shown = $derived.by(() => Array.from({ length: Math.max(0, this.to - this.from) }, (_, index) => this.from + index));

  /** `count` gives how many rows there are; so many `beyond` both edges are there, too, so that scrolling shows no gaps. */
  constructor(
    private readonly count: () => number,
    private readonly beyond: number,
    high: number,
  ) {
    this.high = high;
  }

  /** So many rows a page key goes. */
  get page(): number {
    return Math.max(1, Math.floor(this.tall / this.high) - 1);
  }

  scrolled(): void {
    this.top = this.box?.scrollTop ?? 0;
  }

  /** Scrolls a row into view; gives it back, within the rows that there are. */
  reveal(wanted: number): number {
    const at = Math.max(0, Math.min(this.reachable - 1, wanted));
    const { box } = this;
    if (box === undefined) return at;
    if (at * this.high < box.scrollTop) box.scrollTop = at * this.high;
    else if ((at + 1) * this.high > box.scrollTop + this.tall) box.scrollTop = (at + 1) * this.high - this.tall;
    this.top = box.scrollTop;
    return at;
  }

  /** Back to the first row. */
  begin(): void {
    this.top = 0;
  }
}
