import { Button, Select } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { Loaded } from "../../../ui/Loaded";
import { useSaved } from "../../../ui/useSaved";
import { handlersQuery, REQUESTS, type Request, requestUrl } from "../queries";

type Person = { id: number; name: string };
type Props = { request: Request; onDone: () => unknown };

/** To whom the request is given: oneself with one press, or a colleague. */
export function AssignForm({ request, onDone }: Props) {
  const query = useQuery(handlersQuery(request.id));
  return (
    <Loaded query={query} rows={1}>
      {(people) => <Choose people={people} request={request} onDone={onDone} />}
    </Loaded>
  );
}

function Choose({ people, request, onDone }: Props & { people: Person[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const saved = useSaved(REQUESTS);
  const form = useForm<{ assigned_to: string | null }>({
    initialValues: { assigned_to: null },
    validate: { assigned_to: isNotEmpty(t("requests.needed")) },
  });
  const own = people.find(({ id }) => id === me.person?.id);
  return (
    <FormShell
      form={form}
      submitLabel={t("requests.assign.give")}
      guard={false}
      onSubmit={({ assigned_to }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${requestUrl(request.id)}moves/assign/`,
          { assigned_to: Number(assigned_to) },
          { ifMatch: request.version, idempotencyKey },
        )
      }
      onDone={async () => {
        await saved();
        await onDone();
      }}
    >
      <Select
        label={t("requests.assign.to")}
        required
        searchable
        data={people.map(({ id, name }) => ({ value: String(id), label: name }))}
        {...form.getInputProps("assigned_to")}
      />
      {own && (
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ alignSelf: "start" }}
          onClick={() => form.setFieldValue("assigned_to", String(own.id))}
        >
          {t("requests.assign.take")}
        </Button>
      )}
    </FormShell>
  );
}
