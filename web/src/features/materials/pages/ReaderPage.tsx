import { Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Columns } from "../../../ui/Columns";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { OpenButton } from "../parts/OpenButton";
import { Size } from "../parts/Size";
import { sharedQuery } from "../queries";

const route = getRouteApi("/shell/materials/$id");

/** One material as its readers see it. */
export function ReaderPage() {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const { id } = route.useParams();
  const { data: row } = useSuspenseQuery(sharedQuery(id));
  return (
    <>
      <PageHeader
        title={row.title}
        heading={<Bidi>{row.title}</Bidi>}
        lead={<Bidi>{row.courses.join(t("ui.comma"))}</Bidi>}
        up={<AnchorLink to="/materials">{t("materials.title")}</AnchorLink>}
      />
      <Columns
        side={
          <Panel title={t("materials.about")}>
            <Facts
              items={[
                { label: t("materials.fields.by"), value: <Bidi>{row.created_by_name}</Bidi> },
                { label: t("materials.fields.published_at"), value: dateTime(row.published_at) },
                {
                  label: t("materials.fields.available_until"),
                  value: row.available_until ? dateTime(row.available_until) : null,
                },
                {
                  label: t("materials.fields.opened_at"),
                  value: row.opened_at ? dateTime(row.opened_at) : t("materials.notYet"),
                },
              ]}
            />
          </Panel>
        }
      >
        <Panel>
          <Stack gap="md" align="flex-start">
            {row.description && (
              <Text style={{ whiteSpace: "pre-line" }}>
                <Bidi>{row.description}</Bidi>
              </Text>
            )}
            {row.filename && (
              <Text size="sm" c="dimmed">
                <Bidi>{row.filename}</Bidi> · <Size bytes={row.size_bytes} />
              </Text>
            )}
            <OpenButton id={row.id} kind={row.kind} />
          </Stack>
        </Panel>
      </Columns>
    </>
  );
}
