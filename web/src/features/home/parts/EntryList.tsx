import { IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Bidi } from "../../../ui/Bidi";
import { Moment } from "../../../ui/Moment";
import { ServerLink } from "../../../ui/ServerLink";
import classes from "./EntryList.module.css";

export function EntryList({ children }: { children: ReactNode }) {
  return <ul className={classes.list}>{children}</ul>;
}

type Props = { url: string; title: string; detail?: string; tag?: string; at: string };

export function Entry({ url, title, detail, tag, at }: Props) {
  return (
    <li>
      <ServerLink url={url} className={classes.entry}>
        <span className={classes.words}>
          <span className={classes.title}>
            <Bidi>{title}</Bidi>
          </span>
          {detail && (
            <span className={classes.detail}>
              <Bidi>{detail}</Bidi>
            </span>
          )}
          <span className={classes.meta}>
            {tag && <span>{tag} · </span>}
            <Moment at={at} />
          </span>
        </span>
        <IconChevronRight size={18} className={classes.arrow} aria-hidden="true" />
      </ServerLink>
    </li>
  );
}
