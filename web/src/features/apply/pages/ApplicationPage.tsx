import { useDocumentTitle } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../../../api/problem";
import { adoptLanguage } from "../../../i18n/i18n";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { ButtonLink } from "../../../ui/links";
import { FieldsSkeleton } from "../../../ui/Skeletons";
import { keep, type Step } from "../draft";
import { Calm } from "../parts/Calm";
import { PublicFrame } from "../parts/PublicFrame";
import { StatusView } from "../parts/StatusView";
import { WizardView } from "../parts/WizardView";
import { type Own, ownQuery } from "../queries";

const route = getRouteApi("/apply/$token");
const NO_LONGER = new Set([404, 410]);
const DRAFT = "draft";

/** Where the link leads: the form as long as it is a draft, afterwards where the application stands. */
export function ApplicationPage() {
  const { t } = useTranslation();
  const { token } = route.useParams();
  const { step = "applicant" } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(ownQuery(token));
  const [isGone, setGone] = useState(false);
  useDocumentTitle(t("app.titled", { page: t("apply.title") }));
  const { id, language } = data ?? {};
  // The link speaks as the letter did, to whoever has chosen no language on this device.
  useEffect(() => {
    if (id !== undefined) void adoptLanguage(`application ${id}`, null, language || undefined);
  }, [id, language]);

  // What was typed is kept until the application is handed in, here or elsewhere.
  const isHandedIn = data !== undefined && data.status !== DRAFT;
  useEffect(() => {
    if (id !== undefined && isHandedIn) keep(id, null);
  }, [id, isHandedIn]);

  const adopt = (record: Own) => queryClient.setQueryData(ownQuery(token).queryKey, record);
  const go = (next: Step) => void navigate({ search: { step: next }, resetScroll: true });
  if (isGone || (error && NO_LONGER.has(asProblem(error).status)))
    return <NoLonger code={data?.institution_code} />;
  return (
    <PublicFrame width="wide">
      {data ? (
        data.status === DRAFT ? (
          <WizardView
            key={data.id}
            token={token}
            first={data}
            step={step}
            onStep={go}
            onRecord={adopt}
            onGone={() => setGone(true)}
          />
        ) : (
          <StatusView token={token} record={data} onRecord={adopt} onGone={() => setGone(true)} />
        )
      ) : error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : (
        <FieldsSkeleton fields={5} />
      )}
    </PublicFrame>
  );
}

/** The same page for a link that is over and one that never was: it tells nothing of anybody. */
function NoLonger({ code }: { code: string | undefined }) {
  const { t } = useTranslation();
  return (
    <PublicFrame>
      <Calm muted title={t("apply.gone.title")} detail={t("apply.gone.detail")}>
        <ButtonLink to="/apply" search={code ? { institution: code } : {}} mt="sm">
          {t("apply.gone.ask")}
        </ButtonLink>
      </Calm>
    </PublicFrame>
  );
}
