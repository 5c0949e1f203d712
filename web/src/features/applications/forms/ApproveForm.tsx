import { Radio, Stack, Switch, Text, Textarea } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { missingFrom } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { FormShell } from "../../../ui/FormShell";
import { Loaded } from "../../../ui/Loaded";
import { MissingList } from "../../../ui/MissingList";
import { Notice } from "../../../ui/Notice";
import { GroupSelect } from "../../../ui/references";
import { useSaved } from "../../../ui/useSaved";
import { knownPeople, unsettled } from "../approval";
import { APPLICATIONS, type Application, applicationUrl, type Duplicate } from "../queries";

const NEW = "new";
const GROUPS = "/api/v1/academics/groups/";

type Props = { application: Application; onDone: () => void };
type Group = { id: number; name: string };

/** The one group of a batch that has one is chosen already. */
export function ApproveForm({ application, onDone }: Props) {
  const groups = useQuery(listQuery(GROUPS, { batch: application.batch, page_size: 2 }));
  return (
    <Loaded query={groups}>
      {({ count, results }) => (
        <Decision application={application} only={count === 1 ? results[0] : undefined} onDone={onDone} />
      )}
    </Loaded>
  );
}

type Values = { group: number | null; person: string; override: boolean; reason: string };

/** Where the student is placed, who the applicant is, and why in spite of those who resemble them. */
function Decision({ application, only, onDone }: Props & { only: Group | undefined }) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const saved = useSaved(APPLICATIONS, "/api/v1/academics/intakes/", "/api/v1/academics/students/");
  const people = knownPeople(application.duplicates);
  const form = useForm<Values>({
    initialValues: { group: only?.id ?? null, person: NEW, override: false, reason: "" },
    validate: { group: isNotEmpty(t("applications.approve.groupNeeded")) },
  });
  const { person, override } = form.values;
  const chosen = person === NEW ? null : Number(person);
  const open = unsettled(application.duplicates, chosen);
  const warnings = application.moves.find(({ name }) => name === "approve")?.warnings ?? [];
  return (
    <FormShell
      form={form}
      submitLabel={t("applications.approve.submit")}
      onReload={saved}
      onSubmit={({ group, reason }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${applicationUrl(application.id)}moves/approve/`,
          {
            group,
            person: chosen,
            override: override && open.length > 0,
            ...(override ? { reason: reason.trim() } : {}),
          },
          { ifMatch: application.version, idempotencyKey },
        )
      }
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      {warnings.length > 0 && <MissingList items={warnings.map(missingFrom)} />}
      <GroupSelect
        label={t("applications.approve.group")}
        description={<Bidi>{application.batch_name}</Bidi>}
        required
        filters={{ batch: application.batch }}
        chosenLabel={only?.name}
        {...form.getInputProps("group")}
      />
      {people.length > 0 && (
        <Radio.Group label={t("applications.approve.who")} {...form.getInputProps("person")}>
          <Stack gap="xs" mt={6}>
            <Radio value={NEW} label={t("applications.approve.newPerson")} />
            {people.map(({ id, duplicate }) => (
              <Radio
                key={id}
                value={String(id)}
                label={
                  <>
                    {t("applications.approve.thisPerson")} <Bidi>{duplicate.name}</Bidi>{" "}
                    {duplicate.number && <Code>{duplicate.number}</Code>}
                  </>
                }
                description={sharedWords(duplicate, labelOf)}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      {open.length > 0 && (
        <Notice tone="wait">
          <Text size="sm" fw={600}>
            {t("applications.approve.open", { count: open.length })}
          </Text>
          <ul style={{ margin: "0.25rem 0 0.5rem", paddingInlineStart: "1.25rem" }}>
            {open.map((each) => (
              <li key={`${each.kind}${each.id}`}>
                {labelOf("applications.kind", each.kind)} <Bidi>{each.name}</Bidi>{" "}
                {each.number && <Code>{each.number}</Code>}: {sharedWords(each, labelOf)}
              </li>
            ))}
          </ul>
          <Switch
            label={t("applications.approve.override")}
            {...form.getInputProps("override", { type: "checkbox" })}
          />
        </Notice>
      )}
      {override && open.length > 0 && (
        <Textarea
          label={t("applications.approve.reason")}
          description={t("applications.approve.reasonHint")}
          required
          dir="auto"
          {...form.getInputProps("reason")}
        />
      )}
      <Text size="sm" c="dimmed">
        {t("applications.approve.follows")}
      </Text>
    </FormShell>
  );
}

function sharedWords({ shared }: Duplicate, labelOf: (prefix: string, value: string) => string): string {
  return shared.map((field) => labelOf("application.fields", field)).join(" · ");
}
