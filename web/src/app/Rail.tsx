import { ActionIcon, ScrollArea } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../api/me";
import { Bidi } from "../ui/Bidi";
import { WordMark } from "../ui/WordMark";
import { isExact, useNavigation } from "./navigation";
import classes from "./Rail.module.css";

export function Rail({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { institution, version, open_inbox_items } = useMe();
  const areas = useNavigation();
  const entries = useRef<HTMLDivElement>(null);
  const place = useLocation({ select: (location) => location.pathname });
  useEffect(() => {
    const all = [...(entries.current?.querySelectorAll("a[href]") ?? [])];
    const current = all.filter((entry) => place.startsWith(entry.getAttribute("href") ?? "none"));
    current.at(-1)?.scrollIntoView?.({ block: "nearest" });
  }, [place]);
  return (
    <>
      <div className={classes.top}>
        <Link to="/" className={classes.home} onClick={onClose}>
          <WordMark />
        </Link>
        <ActionIcon
          variant="transparent"
          className={classes.close}
          hiddenFrom="sm"
          aria-label={t("app.nav.closeMore")}
          onClick={onClose}
        >
          <IconX size={20} />
        </ActionIcon>
      </div>
      <ScrollArea className={classes.scroll} type="scroll" ref={entries}>
        {areas.map((area) => (
          <div key={area.key ?? "start"} className={classes.area}>
            {area.key && <p className={classes.heading}>{t(`app.nav.areas.${area.key}`)}</p>}
            <ul className={classes.list}>
              {area.items.map(({ key, to, icon: Icon }) => (
                <li key={key}>
                  <Link
                    to={to}
                    className={classes.item}
                    activeOptions={{ exact: isExact(to) }}
                    onClick={onClose}
                  >
                    <Icon size={18} stroke={1.6} aria-hidden="true" />
                    <span>{t(`app.nav.items.${key}`)}</span>
                    {key === "inbox" && open_inbox_items > 0 && (
                      <span className={classes.count}>{open_inbox_items}</span>
                    )}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </ScrollArea>
      <div className={classes.foot}>
        <Bidi>{institution?.name ?? t("app.header.noInstitution")}</Bidi>
        <small>{t("app.header.version", { version })}</small>
      </div>
    </>
  );
}
