/** A number of a range as it is typed: read at once where it fits, kept as typed until the field is left. */
export interface Ranged {
  readonly min: number;
  readonly max: number;
  readonly value: number | null;
  onvalue(value: number | null): void;
}

export class NumberDraft {
  private draft = $state<string | null>(null);

  constructor(private readonly of: () => Ranged) {}

  get shown(): string {
    const { value } = this.of();
    return this.draft ?? (value === null ? "" : String(value));
  }

  /** Nothing typed is no number at all. */
  typed(source: string): void {
    const { min, max, onvalue } = this.of();
    this.draft = source.trim().replace(",", ".");
    const number = Number(this.draft);
    if (this.draft === "") onvalue(null);
    else if (Number.isFinite(number) && number >= min && number <= max) onvalue(number);
  }

  left(): void {
    this.draft = null;
  }

  /** The arrow keys go up and down by `by`. */
  stepped(event: KeyboardEvent, by: number): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.draft = null;
    const { min, max, value, onvalue } = this.of();
    const next = Math.round(((value ?? (min + max) / 2) + (event.key === "ArrowUp" ? by : -by)) * 100) / 100;
    onvalue(Math.min(max, Math.max(min, next)));
  }
}
