import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { Markdown } from "../../../ui/Markdown";
import { Moment } from "../../../ui/Moment";
import { isRaised, Priority } from "../../../ui/Priority";
import type { Posted } from "../queries";
import classes from "./PostedBody.module.css";

/** An announcement as its audience reads it: from whom, how urgent, what, and until when it holds. */
export function PostedMeta({ posted }: { posted: Posted }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return (
    <div className={classes.meta}>
      {isRaised(posted.priority) && <Priority value={posted.priority} />}
      <span>
        <Bidi>{posted.created_by_name}</Bidi>
      </span>
      <Moment at={posted.sent_at} />
      {posted.category && (
        <span>
          <Bidi>{posted.category}</Bidi>
        </span>
      )}
      {posted.expires_at && (
        <span>{t("announcements.board.until", { moment: dateTime(posted.expires_at) })}</span>
      )}
    </div>
  );
}

export function PostedBody({ posted }: { posted: Posted }) {
  return (
    <div className={classes.body}>
      <Markdown>{posted.body}</Markdown>
    </div>
  );
}
