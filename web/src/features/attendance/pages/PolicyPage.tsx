import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { useLabel } from "../../../i18n/label";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { PolicyForm } from "../forms/PolicyForm";
import { Example } from "../parts/Example";
import { ScopeName } from "../parts/ScopeName";
import { WhoChanges } from "../parts/WhoChanges";
import { termsOf } from "../policyTerms";
import { POLICIES, type Policy, policyQuery, policyUrl } from "../queries";
import { movesNow } from "../register/judge";

const route = getRouteApi("/shell/attendance/policies/$id");

/** One version: written while it is a draft, with whom it would concern; then what holds, for ever as it was. */
export function PolicyPage() {
  const { t } = useTranslation();
  const can = useCan();
  const format = useFormat();
  const queryClient = useQueryClient();
  const { id } = route.useParams();
  const { data: policy } = useSuspenseQuery(policyQuery(id));
  const saved = useSaved(POLICIES);
  const { mutateAsync } = useMove({
    url: policyUrl(policy.id),
    version: policy.version,
    invalidate: [[policyUrl(policy.id)]],
  });
  const moves = movesNow(movesOf(policy.moves));
  const writes = can("attendance.policy");
  const isDraft = policy.status === "draft";
  return (
    <>
      <PageHeader
        title={t("attendance.policies.titled", { number: policy.number })}
        badge={<StatusBadge status={policy.status} />}
        up={<AnchorLink to="/attendance/policies">{t("attendance.policies.title")}</AnchorLink>}
        lead={
          <>
            <ScopeName scope={policy.scope} /> ·{" "}
            {t("attendance.policies.holdsFrom", { day: format.date(policy.effective_from) })}
          </>
        }
        actions={
          moves.length > 0 && (
            <MoveButtons moves={moves} onMove={(asked) => mutateAsync(asked).finally(() => void saved())} />
          )
        }
      />
      {isDraft && writes ? (
        <Columns side={<WhoChanges policy={policy} />}>
          <Panel title={t("attendance.policies.terms")}>
            <PolicyForm
              key={policy.version}
              policy={policy}
              onDone={() => queryClient.invalidateQueries({ queryKey: [policyUrl(policy.id)] })}
              onReload={() => queryClient.invalidateQueries({ queryKey: [policyUrl(policy.id)] })}
            />
          </Panel>
        </Columns>
      ) : (
        <Panel title={t("attendance.policies.terms")}>
          <Said policy={policy} />
          {writes && <Example terms={termsOf(policy)} />}
        </Panel>
      )}
    </>
  );
}

function Said({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const minutes = (count: number) => t("attendance.policies.minutes", { count });
  const points = (value: string) => t("attendance.condonations.missing", { points: number(Number(value)) });
  return (
    <div style={{ marginBlockEnd: "1rem" }}>
      <Facts
        items={[
          {
            label: t("attendance.standings.threshold"),
            value: <bdi dir="ltr">{number(Number(policy.threshold))} %</bdi>,
          },
          { label: t("attendance.policies.lateWeight"), value: number(Number(policy.late_weight)) },
          {
            label: t("attendance.policies.excused"),
            value: label("attendance.policies.excusing", policy.excused),
          },
          { label: t("attendance.policies.nearMargin"), value: points(policy.near_margin) },
          { label: t("attendance.policies.maxPoints"), value: points(policy.condonation_max_points) },
          { label: t("attendance.policies.perPeriod"), value: number(policy.condonations_per_period) },
          { label: t("attendance.policies.opens"), value: minutes(policy.check_in_opens_minutes) },
          { label: t("attendance.policies.lateAfter"), value: minutes(policy.late_after_minutes) },
        ]}
      />
    </div>
  );
}
