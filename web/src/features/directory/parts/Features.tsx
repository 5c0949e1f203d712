import { Button, Group, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";
import { Loaded } from "../../../ui/Loaded";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { FEATURES, type Feature, PLACES } from "../queries";

/** What a room can have: a projector, wet benches, a ramp. */
export function Features({ mayManage }: { mayManage: boolean }) {
  const { t } = useTranslation();
  const saved = useSaved(FEATURES, PLACES);
  const [asked, setAsked] = useState<Feature | "new" | null>(null);
  const query = useQuery(listQuery(FEATURES, { page_size: 200 }));
  return (
    <>
      {mayManage && (
        <Group p="sm" justify="flex-end">
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAsked("new")}>
            {t("directory.feature.create")}
          </Button>
        </Group>
      )}
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("directory.feature.title")}
            rows={results}
            rowId={(feature) => feature.id}
            empty={t("directory.feature.empty")}
            columns={[
              {
                id: "name",
                header: t("directory.fields.name"),
                cell: (feature) => <Bidi>{feature.name}</Bidi>,
              },
              {
                id: "code",
                header: t("directory.fields.code"),
                cell: (feature) => <Code>{feature.code}</Code>,
              },
              {
                id: "acts",
                header: "",
                align: "end",
                cell: (feature) =>
                  mayManage && (
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <Button size="compact-xs" variant="subtle" onClick={() => setAsked(feature)}>
                        {t("ui.edit")}
                      </Button>
                      <ConfirmButton
                        size="compact-xs"
                        variant="subtle"
                        color="madder"
                        title={t("directory.feature.delete")}
                        question={t("directory.deleteQuestion", { name: feature.name })}
                        confirm={t("ui.delete")}
                        act={() => writeJson("DELETE", `${FEATURES}${feature.id}/`)}
                        onDone={saved}
                      >
                        {t("ui.delete")}
                      </ConfirmButton>
                    </Group>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <FormDialog
        title={t("directory.feature.title")}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="md"
      >
        <FeatureForm
          feature={asked === "new" || asked === null ? undefined : asked}
          onDone={async () => {
            await saved();
            setAsked(null);
          }}
        />
      </FormDialog>
    </>
  );
}

function FeatureForm({ feature, onDone }: { feature: Feature | undefined; onDone: () => unknown }) {
  const { t } = useTranslation();
  const needed = isNotEmpty(t("directory.needed"));
  const form = useForm({
    initialValues: { name: feature?.name ?? "", code: feature?.code ?? "" },
    validate: { name: needed, code: needed },
  });
  return (
    <FormShell
      form={form}
      onSubmit={(values, { idempotencyKey }) =>
        feature
          ? writeJson("PATCH", `${FEATURES}${feature.id}/`, values)
          : writeJson("POST", FEATURES, values, { idempotencyKey })
      }
      onDone={onDone}
    >
      <TextInput label={t("directory.fields.name")} required dir="auto" {...form.getInputProps("name")} />
      <TextInput
        label={t("directory.fields.code")}
        description={t("directory.feature.codeHint")}
        required
        dir="ltr"
        {...form.getInputProps("code")}
      />
    </FormShell>
  );
}
