import { plainOf } from "./markdown";

const ANNOUNCED = "announcement.sent";

/** What a notification says, without the marks that an announcement may carry. */
export function noticeBody({ event, body }: { event: string; body: string }): string {
  return event === ANNOUNCED ? plainOf(body) : body;
}
