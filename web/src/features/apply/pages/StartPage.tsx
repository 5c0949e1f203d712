import { Button, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FieldsSkeleton } from "../../../ui/Skeletons";
import { StartForm } from "../forms/StartForm";
import { Calm } from "../parts/Calm";
import { PublicFrame } from "../parts/PublicFrame";
import { openIntakesQuery } from "../queries";

const route = getRouteApi("/apply");

export function StartPage() {
  const { t } = useTranslation();
  const { institution = "" } = route.useSearch();
  const query = useQuery(openIntakesQuery(institution));
  const [sentTo, setSentTo] = useState<string | null>(null);
  useDocumentTitle(t("app.titled", { page: t("apply.title") }));
  return (
    <PublicFrame>
      {sentTo !== null ? (
        <Sent to={sentTo} onAgain={() => setSentTo(null)} />
      ) : query.data ? (
        query.data.intakes.length === 0 ? (
          <Calm muted title={t("apply.start.none")} detail={t("apply.start.noneDetail")} />
        ) : (
          <>
            <Text size="sm" c="dimmed">
              {t("apply.start.to")}
            </Text>
            <Title order={1} fz="1.625rem" mb="xs" style={{ overflowWrap: "anywhere" }}>
              <Bidi>{query.data.institution}</Bidi>
            </Title>
            <Text size="sm" mb="lg">
              {t("apply.start.lead")}
            </Text>
            <StartForm
              institution={institution}
              zone={query.data.time_zone}
              intakes={query.data.intakes}
              onSent={setSentTo}
            />
          </>
        )
      ) : query.error && asProblem(query.error).status === 404 ? (
        <Calm muted title={t("apply.start.unknown")} detail={t("apply.start.unknownDetail")} />
      ) : query.error ? (
        <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <FieldsSkeleton fields={3} />
      )}
    </PublicFrame>
  );
}

function Sent({ to, onAgain }: { to: string; onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      <Calm title={t("apply.sent.title")} detail={t("apply.sent.detail")}>
        <Text fw={600} dir="ltr" style={{ overflowWrap: "anywhere" }}>
          {to}
        </Text>
        <Text size="sm" c="dimmed">
          {t("apply.sent.wait")}
        </Text>
        <Button variant="default" mt="sm" onClick={onAgain}>
          {t("apply.sent.again")}
        </Button>
      </Calm>
    </div>
  );
}
