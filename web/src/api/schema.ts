//! Generated from tests/snapshots/openapi.json by `npm run types:api`; not to be changed by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            /** @enum {string} */
            code: "not_understood" | "not_signed_in" | "second_factor" | "not_permitted" | "not_found" | "method_not_allowed" | "not_now" | "conflict" | "stale" | "too_large" | "invalid" | "too_much" | "too_many" | "internal";
            detail: string;
            /** @description Quote it when you ask for help. */
            request: string;
            problems: components["schemas"]["ProblemItem"][];
            /** @description The present record, when the version sent is stale. */
            current?: unknown;
            to_begin?: ("company" | "user")[];
            demo_users?: {
                login: string;
                name: string;
                role: components["schemas"]["Text"];
                password: string;
            }[];
        };
        ProblemItem: {
            code: string;
            field?: string | null;
            row?: number | null;
            message: string;
            /** @description Of a file: the line it is in. */
            line?: number;
        };
        Text: {
            en: string;
            zh: string;
        };
        Hint: {
            row?: number | null;
            field?: string | null;
            /** @enum {string} */
            tone: "neutral" | "info" | "good" | "warn" | "bad";
            text: string;
        };
        Posted: {
            entries: string[];
            moves: string[];
            created: {
                entity: string;
                id: string;
                label: string;
            }[];
        };
        Shown: {
            can: {
                edit: boolean;
                remove: boolean;
                because?: {
                    [key: string]: string;
                };
            };
            actions: {
                name: string;
                allowed: boolean;
                because?: string | null;
            }[];
            posted?: components["schemas"]["Posted"];
            /** @description It was written and now belongs to somebody whose records you do not see: only its id, version and label are told. */
            out_of_sight?: boolean;
            label?: string;
        };
        Groups: {
            groups: {
                key: unknown[];
                count: number;
                sum?: {
                    [key: string]: unknown;
                };
                min?: {
                    [key: string]: unknown;
                };
                max?: {
                    [key: string]: unknown;
                };
                filled?: {
                    [key: string]: number;
                };
                unique?: {
                    [key: string]: number;
                };
                /** @description Where a figure is money in the currency of each record and the currency is not grouped by: that figure for every currency. The figure itself is `null` when there are several. */
                by_currency?: {
                    currency: string;
                    sum?: {
                        [key: string]: unknown;
                    };
                    min?: {
                        [key: string]: unknown;
                    };
                    max?: {
                        [key: string]: unknown;
                    };
                }[];
            }[];
        };
        BatchResults: {
            results: {
                status: number;
                id?: string;
                problems?: components["schemas"]["ProblemItem"][];
            }[];
        };
        Imported: {
            rows: number;
            created: number;
            changed: number;
            dry?: boolean;
            failed: {
                row: number;
                /** @description As a spreadsheet counts, the heading being line 1. */
                line: number;
                problems: components["schemas"]["ProblemItem"][];
            }[];
            /** @description Of a rehearsal: how many rows say what another says, or look like a record that is there. */
            duplicates: number;
            alike: components["schemas"]["Alike"][];
        };
        Alike: {
            row: number;
            line: number;
            cells: string[];
            problems: components["schemas"]["ProblemItem"][];
        };
        Timeline: {
            items: {
                /** Format: date-time */
                at: string;
                by?: components["schemas"]["Ref"] | null;
                /** @enum {string} */
                kind: "note" | "created" | "changed" | "action" | "posted" | "removed" | "attachment" | "activity";
                text?: string | null;
                changes?: {
                    field: string;
                    old?: unknown;
                    new?: unknown;
                }[];
                note?: {
                    id: string;
                    version: number;
                    /** @enum {string} */
                    kind: "log" | "message";
                    edited: boolean;
                    mine: boolean;
                };
                attachment?: {
                    id: string;
                    media_type: string;
                    size: number;
                };
                activity?: {
                    id: string;
                    result?: string | null;
                };
            }[];
            next: string | null;
        };
        Ref: {
            id: string;
            label?: string | null;
            /** @description Of what it is a record, where the field takes any. */
            entity?: string;
        };
        Links: {
            nodes: {
                entity: string;
                id: string;
                label: string;
                stage?: string | null;
                on?: string | null;
                total?: string | null;
                currency?: string | null;
            }[];
            edges: {
                from: string;
                to: string;
                kind: string;
            }[];
        };
        Books: {
            entries: {
                id: string;
                number: string | null;
                posted_on: string;
                journal: string;
                lines: {
                    account: components["schemas"]["Ref"];
                    debit: string;
                    credit: string;
                    currency_amount?: string | null;
                    currency?: string | null;
                    party?: components["schemas"]["Ref"] | null;
                    product?: components["schemas"]["Ref"] | null;
                    due_on?: string | null;
                    memo?: string | null;
                }[];
            }[];
            moves: {
                id: string;
                product: components["schemas"]["Ref"];
                qty: string;
                from: components["schemas"]["Ref"];
                to: components["schemas"]["Ref"];
                moved_on: string;
                value: string | null;
            }[];
            document: {
                entity: string;
                id: string;
                label: string;
            } | null;
        };
        Settled: {
            currency: string;
            settled: {
                /** @enum {string} */
                how: "payment" | "advance" | "discount" | "write_off" | "document";
                on: string;
                amount: string;
                document?: components["schemas"]["Named"] | null;
            }[];
        };
        Named: {
            entity: string;
            id: string;
            label: string;
        };
        WouldPost: components["schemas"]["Books"] & {
            differences: {
                product: components["schemas"]["Ref"];
                moved_on: string;
                value: string | null;
                document: {
                    entity: string;
                    id: string;
                    label: string;
                } | null;
            }[];
        };
        /** @description Where a figure leads. */
        Open: {
            report: string;
            params?: {
                [key: string]: string;
            };
        } | {
            entity: string;
            id?: string;
            filter?: unknown;
        } | null;
        ReportTable: {
            title: string;
            columns: {
                name: string;
                label: string;
                /** @enum {string} */
                kind: "id" | "ref" | "text" | "long_text" | "email" | "phone" | "url" | "barcode" | "int" | "bool" | "amount" | "qty" | "price" | "rate" | "date" | "instant" | "choice" | "currency" | "country" | "json" | "doc" | "owned";
            }[];
            rows: {
                cells: {
                    [key: string]: unknown;
                };
                level: number;
                /** @enum {string} */
                style: "plain" | "head" | "total";
                open?: components["schemas"]["Open"];
            }[];
            notes: string[];
        };
        Session: {
            user: {
                id: string;
                name: string;
                login: string;
                language: string;
            };
            company: components["schemas"]["Company_"];
            companies: components["schemas"]["Company_"][];
            roles: string[];
            /** Format: date */
            today: string;
            demo: boolean;
            second_factor?: boolean;
            modules: string[];
            /** @description Names of those who can give a right one lacks. */
            administrators: string[];
        };
        Company_: {
            id: string;
            label: string;
            currency: string;
        };
        Home: {
            figures: {
                name: string;
                label: components["schemas"]["Text"];
                /** @description A decimal string; an integer for what is counted. */
                value: string | number | null;
                /** @enum {string} */
                kind: "amount" | "int" | "qty" | "rate";
                period: components["schemas"]["Text"];
                before?: string | number | null;
                before_period?: components["schemas"]["Text"] | null;
                open?: components["schemas"]["Open"];
            }[];
            charts: {
                name: string;
                label: components["schemas"]["Text"];
                /** @enum {string} */
                kind: "bar" | "line" | "pie";
                categories: string[];
                series: {
                    label: components["schemas"]["Text"];
                    values: string[];
                    /** @enum {string} */
                    kind: "id" | "ref" | "text" | "long_text" | "email" | "phone" | "url" | "barcode" | "int" | "bool" | "amount" | "qty" | "price" | "rate" | "date" | "instant" | "choice" | "currency" | "country" | "json" | "doc" | "owned";
                }[];
                open?: components["schemas"]["Open"];
            }[];
        };
        WorkingDays: {
            calendar: string | null;
            /** @description Which days of the week are worked, Monday first. */
            week: [
                boolean,
                boolean,
                boolean,
                boolean,
                boolean,
                boolean,
                boolean
            ];
            days: {
                /** Format: date */
                first_on: string;
                /** Format: date */
                last_on: string;
                /** @enum {string} */
                kind: "rest" | "work";
                label: components["schemas"]["Text"];
            }[];
        };
        Hits: {
            hits: {
                entity: string;
                id: string;
                label: string;
                text?: string;
            }[];
        };
        Meta: {
            entities: {
                [key: string]: components["schemas"]["MetaEntity"];
            };
            choices: {
                [key: string]: components["schemas"]["MetaChoice"][];
            };
            reports: {
                [key: string]: components["schemas"]["MetaReport"];
            };
            modules: components["schemas"]["MetaModule"][];
        };
        MetaEntity: {
            name: string;
            prefix: string;
            module: string;
            /** @enum {string} */
            kind: "master" | "document" | "owned" | "ledger" | "setting";
            label: components["schemas"]["Text"];
            plural: components["schemas"]["Text"];
            help?: components["schemas"]["Text"] | null;
            title: string[];
            parent?: {
                entity: string;
                field: string;
            } | null;
            can: {
                see: boolean;
                add: boolean;
                edit: boolean;
                remove: boolean;
                import: boolean;
                export: boolean;
            };
            stage_field?: string | null;
            list: string[];
            default_sort: string[];
            sections: {
                label: components["schemas"]["Text"];
                fields: string[];
            }[];
            actions: components["schemas"]["MetaAction"][];
            fields: components["schemas"]["MetaField"][];
            transitions: [
                string,
                string,
                string
            ][];
            makes: string[];
            made_labels: {
                [key: string]: components["schemas"]["Text"];
            };
        };
        MetaAction: {
            name: string;
            label: components["schemas"]["Text"];
            help?: components["schemas"]["Text"] | null;
            args: components["schemas"]["MetaField"][];
            danger: boolean;
            primary: boolean;
            many: boolean;
        };
        MetaField: {
            name: string;
            /** @enum {string} */
            kind: "id" | "ref" | "text" | "long_text" | "email" | "phone" | "url" | "barcode" | "int" | "bool" | "amount" | "qty" | "price" | "rate" | "date" | "instant" | "choice" | "currency" | "country" | "json" | "doc" | "owned";
            label: components["schemas"]["Text"];
            help?: components["schemas"]["Text"] | null;
            required: boolean;
            readonly: boolean;
            computed: boolean;
            hidden: boolean;
            search: boolean;
            group: boolean;
            /** @description Of a ref or of owned records. */
            entity?: string;
            /** @description Where `choices` names the codes. */
            choice?: string;
            /** @description Which field names the currency of an amount. */
            currency?: string;
            /** @description The most characters. */
            max?: number;
            default?: unknown;
            /** @description Which records a ref may name, as a filter. */
            only?: unknown;
            /** @description Which field beside it holds the first day this one may be. */
            not_before?: string;
            along?: {
                field: string;
                of: string;
            };
        };
        MetaChoice: {
            code: string;
            label: components["schemas"]["Text"];
            /** @enum {string} */
            tone: "neutral" | "info" | "good" | "warn" | "bad";
        };
        MetaReport: {
            name: string;
            module: string;
            label: components["schemas"]["Text"];
            help?: components["schemas"]["Text"] | null;
            params: components["schemas"]["MetaField"][];
        };
        MetaModule: {
            name: string;
            label: components["schemas"]["Text"];
            icon: string;
            menu: {
                entity?: string;
                report?: string;
                section?: components["schemas"]["Text"];
            }[];
        };
        JobTold: {
            id: string;
            /** @enum {string} */
            kind: "import" | "batch" | "undo";
            entity: string;
            company?: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed" | "cancelled";
            /** @description Why it failed or waits. */
            error?: string | null;
            dry?: boolean;
            /** @description What it did can be undone. */
            undo?: boolean;
            version?: number;
            rows: number;
            done: number;
            created: number;
            changed: number;
            refused: number;
        };
        JobResult: {
            id: string;
            /** @enum {string} */
            kind: "import" | "batch" | "undo";
            entity: string;
            company?: string;
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed" | "cancelled";
            /** @description Why it failed or waits. */
            error?: string | null;
            dry?: boolean;
            /** @description What it did can be undone. */
            undo?: boolean;
            version?: number;
            rows: number;
            done: number;
            created: number;
            changed: number;
            refused: number;
            /** @description Of a rehearsed file: how many rows say what another says, or look like a record that is there. */
            duplicates: number;
            alike: components["schemas"]["Alike"][];
            /** @description There are more refused rows; ask for those `after` the last. */
            more: boolean;
            failed: {
                row: number;
                line: number;
                status: number;
                problems?: components["schemas"]["ProblemItem"][];
                id?: string;
                label?: string | null;
                /** @description Of a file: what was read, in the order of its planned columns. */
                cells?: string[];
                /** @description Of a file: the other rows of the same record. */
                also?: {
                    line: number;
                    cells: string[];
                }[];
            }[];
        };
        MassPreview: {
            /** @description How many records are meant. */
            count: number;
            /** @description How many of them, the first, were tried and taken back. */
            tried: number;
            accepted: number;
            refused: {
                id: string;
                label?: string | null;
                status: number;
                problems: components["schemas"]["ProblemItem"][];
            }[];
        };
        Bin: {
            items: {
                id: string;
                label: string;
                /** Format: date-time */
                removed_at: string;
                removed_by: string | null;
            }[];
        };
        FileLook: {
            sheets: string[];
            sheet: number;
            head: number;
            rows: number;
            columns: {
                name: string;
                values: string[];
                field: string | null;
                /** @description From 1 to 100; 0 where there is no guess. */
                sure: number;
                /** @enum {unknown} */
                days: "ymd" | "dmy" | "mdy" | null;
                days_sure: boolean;
                decimal: string | null;
            }[];
            sample: {
                line: number;
                cells: string[];
            }[];
            top: {
                line: number;
                cells: string[];
            }[];
        };
        FilePlan: {
            /** @default 0 */
            sheet: number;
            /** @default 1 */
            head: number;
            columns: ({
                field: string;
                /**
                 * @description Rows are told apart by this column.
                 * @enum {unknown}
                 */
                known?: "change" | "skip" | null;
                /** @enum {unknown} */
                days?: "ymd" | "dmy" | "mdy" | null;
                decimal?: string | null;
                values?: {
                    [key: string]: string;
                };
            } | null)[];
            /** @description Fields that get the same value in every row. */
            same?: {
                [key: string]: string;
            };
            /** @description What was mended, by line, then by column. */
            cells?: {
                [key: string]: {
                    [key: string]: string;
                };
            };
            skip?: number[];
        };
        HookDeliveries: {
            /** @description How many were given up. */
            dead: number;
            deliveries: {
                event: string;
                entity: string;
                id: string;
                /** @enum {string} */
                state: "sent" | "waiting" | "dead";
                tries: number;
                /** @description 0 when nothing was answered. */
                status: number;
                error: string;
                /** Format: date-time */
                at: string;
            }[];
        };
        Together: {
            notes: number;
            attachments: number;
            followers: number;
            following: boolean;
            activities: {
                overdue: number;
                today: number;
                planned: number;
            };
            favourite: {
                id: string;
                version: number;
            } | null;
        };
        Inbox: {
            items: {
                id: string;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                kind: "mention" | "assignment" | "follow" | "note" | "stage" | "job" | "due";
                by: components["schemas"]["Ref"] | null;
                about: components["schemas"]["Named"] | null;
                text: string;
                read: boolean;
            }[];
            unread: number;
            next: string | null;
        };
        SavedViewPage: {
            rows: components["schemas"]["SavedViewRow"][];
            /** @description The cursor of the next page. */
            next: string | null;
            /** @description Of all rows, when `count` asks for it. */
            count?: number | null;
            /** @description True where nothing has the words of `search`, and these rows nearly do. */
            near?: boolean;
        };
        /** @description A record in a list: the fields that were asked for, `customer.phone` by that name; lines only where `fields` names them. */
        SavedViewRow: {
            /**
             * @description Id
             *     内部编号
             * @example sv_16j
             */
            id: string;
            /**
             * @description Whose view it is.
             *     视图的所有者。
             */
            owner?: components["schemas"]["Ref"];
            /**
             * @description The list it is of, such as sales_order.
             *     所属列表，如 sales_order。
             */
            entity?: string;
            /**
             * @description Name
             *     名称
             */
            name?: string;
            /**
             * @description Filter, columns, grouping and order, as in the address of the list.
             *     筛选、列、分组和排序，与列表网址中的一致。
             */
            query?: unknown;
            /**
             * @description Whether colleagues see it, too.
             *     是否与同事共享。
             */
            shared?: boolean;
            /**
             * @description Whether the list opens with it for its owner.
             *     视图所有者打开列表时是否默认使用。
             */
            is_default?: boolean;
            /**
             * @description The code of the role whose people the list opens with it for, * for everybody; such a one is shared. Who has chosen a view for themselves opens with that.
             *     默认为该角色（代码）的用户打开，* 表示所有人；设置后自动共享。用户自选的默认视图优先。
             */
            for_role?: string | null;
            /** @description Raised by every write. */
            version: number;
            /** @description The id another system knows it by. */
            external_id?: string | null;
        };
        SavedViewPreview: {
            record: components["schemas"]["SavedViewDraft"];
            hints: components["schemas"]["Hint"][];
            problems: components["schemas"]["ProblemItem"][];
        };
        /** @description A record not saved yet: whatever is known of it so far. */
        SavedViewDraft: {
            /**
             * @description Id
             *     内部编号
             * @example sv_16j
             */
            id?: string | null;
            /**
             * @description Whose view it is.
             *     视图的所有者。
             */
            owner?: components["schemas"]["Ref"] | null;
            /**
             * @description The list it is of, such as sales_order.
             *     所属列表，如 sales_order。
             */
            entity?: string | null;
            /**
             * @description Name
             *     名称
             */
            name?: string | null;
            /**
             * @description Filter, columns, grouping and order, as in the address of the list.
             *     筛选、列、分组和排序，与列表网址中的一致。
             */
            query?: unknown;
            /**
             * @description Whether colleagues see it, too.
             *     是否与同事共享。
             */
            shared?: boolean | null;
            /**
             * @description Whether the list opens with it for its owner.
             *     视图所有者打开列表时是否默认使用。
             */
            is_default?: boolean | null;
            /**
             * @description The code of the role whose people the list opens with it for, * for everybody; such a one is shared. Who has chosen a view for themselves opens with that.
             *     默认为该角色（代码）的用户打开，* 表示所有人；设置后自动共享。用户自选的默认视图优先。
             */
            for_role?: string | null;
            /** @description Raised by every write. */
            version?: number | null;
            external_id?: (string | null) | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
