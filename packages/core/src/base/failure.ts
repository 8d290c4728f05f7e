/** Something that the operator, or time, can mend: thrown in the shell only. The message says what was tried and what the world answered. */
export class Failure extends Error {
  /** What to do next, in words; what is still in force belongs into it when something is. */
  readonly next: string;
  constructor(message: string, next: string) {
    super(message);
    this.name = "Failure";
    this.next = next;
  }
}
