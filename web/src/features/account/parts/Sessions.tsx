import { Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endSessions, type OwnSession, sessionsQuery } from "../../../api/auth";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Moment } from "../../../ui/Moment";
import { deviceOf } from "./device";
import classes from "./Passkeys.module.css";

const SECOND = 1000;

/** Where this account is signed in; any other place is ended here. */
export function Sessions({ sessions }: { sessions: OwnSession[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const others = sessions.filter((each) => !each.is_current);
  const end = async (ended: OwnSession[]) => {
    await endSessions(ended.map(({ id }) => id));
    notifications.show({ color: "leaf", message: t("account.sessions.ended", { count: ended.length }) });
    await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{t("account.sessions.intro")}</Text>
      <ul className={classes.list}>
        {[...sessions]
          .sort((a, b) => Number(b.is_current) - Number(a.is_current) || b.created_at - a.created_at)
          .map((session) => (
            <Line key={session.id} session={session} end={() => end([session])} />
          ))}
      </ul>
      {others.length > 1 && (
        <ConfirmButton
          title={t("account.sessions.endAllTitle")}
          question={t("account.sessions.endAllBody")}
          confirm={t("account.sessions.endAll")}
          act={() => end(others)}
        >
          {t("account.sessions.endAll")}
        </ConfirmButton>
      )}
    </Stack>
  );
}

function Line({ session, end }: { session: OwnSession; end: () => Promise<void> }) {
  const { t } = useTranslation();
  const device = deviceOf(session.user_agent) || t("account.sessions.unknown");
  return (
    <li>
      <span>
        <strong>
          <Bidi>{device}</Bidi>
        </strong>
        <small>
          {t("account.sessions.from")} <Bidi>{session.ip}</Bidi>
          {t("ui.comma")}
          <Moment at={new Date(session.created_at * SECOND).toISOString()} />
        </small>
      </span>
      {session.is_current ? (
        <Text size="sm" c="dimmed">
          {t("account.sessions.here")}
        </Text>
      ) : (
        <ConfirmButton
          size="compact-sm"
          aria-label={t("account.sessions.endOf", { device })}
          title={t("account.sessions.endTitle")}
          question={t("account.sessions.endBody", { device })}
          confirm={t("account.sessions.end")}
          act={end}
        >
          {t("account.sessions.end")}
        </ConfirmButton>
      )}
    </li>
  );
}
