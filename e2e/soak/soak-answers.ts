import { request } from '../harness/http.ts';
import { Poller } from '../harness/poller.ts';
import type { AppPorts } from '../harness/tasks-app.ts';
import { portOf, type SoakService, soakServices } from './soak-project.ts';

/** Milliseconds from request to request: a forwarded connection takes some 10 ms of CPU of the cluster. */
const beat = 100;
/** Longer than devloop holds a connection: whether a request fails is its decision. */
const requestPatience = 35_000;

/** What a service's program was started with, as it answers. */
type Parts = Record<'text' | 'image' | 'shared' | 'note', string>;

/** What the services have to answer, and what they do: each is asked all the time. */
export class SoakAnswers {
  readonly #parts: Record<SoakService, Parts> = { synced: firstParts(), bundled: firstParts() };
  readonly #pollers: Record<SoakService, Poller>;
  readonly #urls: Record<SoakService, string>;

  constructor(ports: AppPorts) {
    const urlOf = (service: SoakService) => `http://127.0.0.1:${portOf(service, ports)}`;
    this.#urls = { synced: urlOf('synced'), bundled: urlOf('bundled') };
    const pollerOf = (service: SoakService) => new Poller(this.#urls[service], beat, requestPatience);
    this.#pollers = { synced: pollerOf('synced'), bundled: pollerOf('bundled') };
  }

  /** From now on a service has to answer with this. */
  expect(service: SoakService, parts: Partial<Parts>): void {
    Object.assign(this.#parts[service], parts);
  }

  /** Waits for the first answers of services that have all that they are expected to; rejects after a time in milliseconds. */
  async live(services: readonly SoakService[], timeout: number): Promise<void> {
    await Promise.all(services.map((service) => this.#pollers[service].firstWith(this.#expected(service), timeout)));
  }

  /** Asks each service once. */
  async requireExpected(): Promise<void> {
    for (const service of soakServices) {
      const { body } = await request(this.#urls[service], { timeout: requestPatience });
      if (body !== this.#expected(service))
        throw new Error(`${service} answers ${body} and not ${this.#expected(service)}`);
    }
  }

  /** Has the program of a service exit; that question has no answer. */
  async endProgram(service: SoakService): Promise<void> {
    await request(`${this.#urls[service]}/exit`, { timeout: requestPatience }).catch(() => undefined);
  }

  get requests(): number {
    return soakServices.reduce((sum, service) => sum + this.#pollers[service].requests, 0);
  }

  /** Why requests have failed, one for each. */
  get failures(): readonly string[] {
    return soakServices.flatMap((service) => this.#pollers[service].failures);
  }

  async stop(): Promise<void> {
    await Promise.all(soakServices.map((service) => this.#pollers[service].stop()));
  }

  #expected(service: SoakService): string {
    const { text, image, shared, note } = this.#parts[service];
    return `${text} ${image} ${shared} ${note}`;
  }
}

const firstParts = (): Parts => ({ text: 'text 0;', image: 'image 0;', shared: 'shared 0;', note: 'note 0;' });
