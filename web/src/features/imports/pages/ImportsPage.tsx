import { SegmentedControl, Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { PageHeader } from "../../../ui/PageHeader";
import { UploadForm } from "../forms/UploadForm";
import { History } from "../parts/History";
import { KINDS, kindOf, PEOPLE_KINDS, runLink } from "../queries";
import classes from "./ImportsPage.module.css";

const route = getRouteApi("/shell/academics/imports");

export function ImportsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = route.useNavigate();
  const { kind: asked, ...search } = route.useSearch();
  const open = PEOPLE_KINDS.filter((each) => can(KINDS[each].permission));
  const wanted = kindOf(asked);
  const kind = open.includes(wanted) ? wanted : (open[0] ?? wanted);
  const names = { students: t("imports.kinds.students"), faculty: t("imports.kinds.faculty") };
  return (
    <>
      <PageHeader
        title={t("imports.title")}
        lead={t("imports.lead")}
        actions={
          open.length > 1 && (
            <SegmentedControl
              aria-label={t("imports.kind")}
              value={kind}
              data={open.map((each) => ({ value: each, label: names[each] }))}
              onChange={(next) => void navigate({ search: { kind: next } })}
            />
          )
        }
      />
      <div className={classes.page}>
        <UploadForm
          key={kind}
          source={KINDS[kind]}
          onUploaded={(run) => void navigate(runLink(KINDS[kind], run.id))}
        />
        <div>
          <Title order={2} className={classes.heading}>
            {t("imports.history")}
          </Title>
          <History source={KINDS[kind]} search={search} />
        </div>
      </div>
    </>
  );
}
