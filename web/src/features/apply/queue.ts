// Writes of an applicant, one after another: where the server asks to wait, they wait and go on by themselves.
import { Problem } from "../../api/problem";

export const RANK = { save: 0, upload: 1 } as const;
const USUAL_WAIT = 60;
const SECOND = 1000;

type Task = {
  rank: number;
  run: () => Promise<unknown>;
  done: (value: unknown) => void;
  fail: (error: unknown) => void;
};
export type QueueState = {
  /** When the next try will be made, in milliseconds; null while nothing has to wait. */
  waitingUntil: number | null;
  length: number;
};

const sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

export class WriteQueue {
  #tasks: Task[] = [];
  #isRunning = false;
  #state: QueueState = { waitingUntil: null, length: 0 };
  readonly #listeners = new Set<() => void>();

  readonly state = (): QueueState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs when those before it are done; what has a smaller rank goes first. */
  add<T>(run: () => Promise<T>, rank: number): Promise<T> {
    const result = new Promise<T>((done, fail) => {
      this.#tasks.push({ rank, run, done: done as (value: unknown) => void, fail });
    });
    this.#tell({});
    if (!this.#isRunning) void this.#work();
    return result;
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (let task = this.#next(); task; task = this.#next()) await this.#perform(task);
    this.#isRunning = false;
  }

  #next(): Task | undefined {
    const first = Math.min(...this.#tasks.map(({ rank }) => rank));
    return this.#tasks.find(({ rank }) => rank === first);
  }

  async #perform(task: Task): Promise<void> {
    try {
      const value = await task.run();
      this.#drop(task);
      task.done(value);
    } catch (error) {
      if (error instanceof Problem && error.status === 429) return this.#wait(error.retryAfter ?? USUAL_WAIT);
      this.#drop(task);
      task.fail(error);
    }
  }

  async #wait(seconds: number): Promise<void> {
    this.#tell({ waitingUntil: Date.now() + seconds * SECOND });
    await sleep(seconds * SECOND);
    this.#tell({ waitingUntil: null });
  }

  #drop(task: Task): void {
    this.#tasks = this.#tasks.filter((each) => each !== task);
    this.#tell({});
  }

  #tell(change: Partial<QueueState>): void {
    this.#state = { ...this.#state, length: this.#tasks.length, ...change };
    for (const listener of this.#listeners) listener();
  }
}
